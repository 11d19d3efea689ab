import type { Database } from '@perennial/database';
import { brokenOf, invariants } from '../invariants';
import type { RunRecord, ServiceName } from '../record';
import type { Happening } from '../scheduler';
import { storyOf } from '../story';
import { happeningsOf } from './happenings';

/** One violation of an invariant. */
export interface Difference {
  readonly name: string;
  readonly meaning: string;
  readonly text: string;
  readonly story: readonly string[];
}

const MOST_OF_EACH = 3;

/** Asks all invariants, now that all is at rest. */
export async function judge(
  record: RunRecord,
  databases: Readonly<Record<ServiceName, Database>>,
  faults: readonly Happening[],
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  const happenings = [...happeningsOf(record), ...faults];
  for (const { invariant, violations } of await brokenOf(
    invariants(() => databases),
    record,
  )) {
    const { name, meaning } = invariant;
    const more = violations.length > 1 ? ` (one of ${violations.length})` : '';
    for (const { text, about } of violations.slice(0, MOST_OF_EACH)) {
      const story = await storyOf(record, happenings, about);
      differences.push({ name, meaning, text: text + more, story });
    }
  }
  return differences;
}
