import type { Invariant, Violation } from '../invariant';
import type { RunRecord } from '../record';

/**
 * One that is judged by what is new since it was asked last: cheap enough for every step. What it has
 * seen once stays said.
 */
export function always<T>(
  { name, meaning }: Pick<Invariant, 'name' | 'meaning'>,
  streams: (record: RunRecord) => readonly (readonly T[])[],
  judge: () => (item: T, stream: number) => Violation | null,
): Invariant {
  const look = judge();
  const seen: number[] = [];
  const found: Violation[] = [];
  return {
    ...{ name, meaning, holds: 'always' },
    violations: async (record) => {
      streams(record).forEach((items, stream) => {
        for (const item of items.slice(seen[stream] ?? 0)) {
          const wrong = look(item, stream);
          if (wrong) found.push(wrong);
        }
        seen[stream] = items.length;
      });
      return found;
    },
  };
}
