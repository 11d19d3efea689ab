import type { RunOptions } from './run';
import type { Lived } from './seed';

/**
 * Leaves out people, then faults, for as long as the same invariant breaks without them.
 * What remains is a small history that still breaks it.
 */
export async function shrink(
  broken: { readonly options: RunOptions; readonly invariant: string },
  live: (options: RunOptions) => Promise<Lived>,
  told: (text: string) => void,
): Promise<RunOptions> {
  let options = broken.options;
  const breaks = async (tried: RunOptions) =>
    (await live(tried)).broken?.invariant === broken.invariant;
  const people = await fewest(options.people, (some) => breaks({ ...options, people: some }));
  options = { ...options, people };
  told(`${people.length} customers are enough`);
  const faults = await fewest([...options.faults], (some) =>
    breaks({ ...options, faults: new Set(some) }),
  );
  options = { ...options, faults: new Set(faults) };
  told(`${faults.length} kinds of faults are enough`);
  return options;
}

/** Delta debugging: drops ever smaller parts of the list that are not needed. */
async function fewest<T>(
  all: readonly T[],
  isEnough: (some: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = all;
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let start = 0; start < kept.length; ) {
      const some = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (await isEnough(some)) kept = some;
      else start += size;
    }
  }
  return kept;
}
