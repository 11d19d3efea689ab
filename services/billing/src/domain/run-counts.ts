import type { Account } from './account';
import type { ChargeEvidence } from './evidence';

/** What a run did, in numbers. */
export interface RunCounts {
  /** Cycles whose charge time had come. */
  readonly due: number;
  /** Payments made that cover more than one of them. */
  readonly combined: number;
  /** Charges sent, those that were sent again included. */
  readonly sent: number;
  readonly succeeded: number;
  readonly declined: number;
  readonly pending: number;
  readonly unknown: number;
  /** Cycles that ended their subscription instead of being charged. */
  readonly skipped: number;
  readonly waived: number;
}

export const NOTHING_DONE: RunCounts = {
  due: 0,
  combined: 0,
  sent: 0,
  succeeded: 0,
  declined: 0,
  pending: 0,
  unknown: 0,
  skipped: 0,
  waived: 0,
};

export function plannedCounts(before: Account, after: Account): Partial<RunCounts> {
  const found = cyclesOf(after) - cyclesOf(before);
  const skipped = skippedIn(after) - skippedIn(before);
  const known = new Set(before.payments.map(({ id }) => id));
  return {
    due: found + skipped,
    combined: after.payments.filter(({ id, items }) => !known.has(id) && items.length > 1).length,
    skipped,
    waived: after.cycles.filter((cycle) => cycle.status === 'waived').length,
  };
}

function cyclesOf({ cycles, payments }: Account): number {
  return payments.reduce((sum, { items }) => sum + items.length, cycles.length);
}

function skippedIn({ schedules }: Account): number {
  return schedules.filter((one) => one.state === 'ended' && one.end.skippedCycle !== null).length;
}

const COUNTED_AS: Record<ChargeEvidence['outcome'], keyof RunCounts | null> = {
  succeeded: 'succeeded',
  declined: 'declined',
  pending: 'pending',
  unknown: 'unknown',
  refused: 'unknown',
  not_sent: null,
  not_found: null,
};

export function answerCounts({ outcome }: ChargeEvidence): Partial<RunCounts> {
  const name = COUNTED_AS[outcome];
  return name ? { [name]: 1 } : {};
}

export function plus(sum: RunCounts, more: Partial<RunCounts>): RunCounts {
  const entries = Object.entries(sum).map(([name, count]) => {
    return [name, count + (more[name as keyof RunCounts] ?? 0)];
  });
  return Object.fromEntries(entries) as RunCounts;
}
