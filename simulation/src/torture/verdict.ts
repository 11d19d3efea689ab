import type { Invariant } from '../invariant';
import type { RunRecord } from '../record';
import { INVARIANTS } from './stand-in-invariants';
import { storyOf } from './story';

/** An invariant that does not hold, or that could not be asked. */
export interface Broken {
  readonly name: string;
  readonly meaning: string;
  readonly text: string;
  readonly story: readonly string[];
}

const MOST_OF_EACH = 3;

/** Asks all invariants. */
export async function judge(record: RunRecord): Promise<readonly Broken[]> {
  const broken: Broken[] = [];
  for (const invariant of INVARIANTS) broken.push(...(await judgeOne(invariant, record)));
  return broken;
}

async function judgeOne({ name, meaning, violations }: Invariant, record: RunRecord) {
  try {
    const found = await violations(record);
    const shown = found.slice(0, MOST_OF_EACH);
    return Promise.all(
      shown.map(async ({ text, about }, index) => {
        const more = index === 0 && found.length > 1 ? ` (${found.length} in all)` : '';
        return { name, meaning, text: text + more, story: await storyOf(record, about) };
      }),
    );
  } catch (error) {
    const text = `could not be asked: ${error instanceof Error ? error.stack : String(error)}`;
    return [{ name, meaning, text, story: [] }];
  }
}
