import { addMs, type Instant } from '@perennial/calendar';
import type { Reconciliation, RunningReconciliation } from '../../store/reconciliations';

const MINUTE = 60_000;
/** Each after the one before; the last repeats. */
const WAITS = [MINUTE / 2, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE];
/** A provider that does not say anything for so long is left to an operator. */
const GIVES_UP_AFTER_MS = 24 * 60 * MINUTE;

const NEXT = { theirs: 'charges', charges: 'refunds', refunds: null } as const;

/** A page has been compared. `next`: where the one behind it begins; null: it was the step's last. */
export function afterPage(
  reconciliation: RunningReconciliation,
  { compared, next }: { readonly compared: number; readonly next: string | null },
  now: Instant,
): Reconciliation {
  const after = {
    ...reconciliation,
    compared: reconciliation.compared + compared,
    ...{ failures: 0, failingSince: null, failure: null, nextActionAt: now },
  };
  if (next !== null) return { ...after, place: next };
  const step = NEXT[reconciliation.step];
  if (step) return { ...after, step, place: null };
  return { ...after, status: 'done', step: 'clearing', place: null, finishedAt: now };
}

/** The provider did not say: the same page again later. */
export function afterFailure(
  reconciliation: RunningReconciliation,
  { detail, waitMs }: { readonly detail: string; readonly waitMs: number | null },
  now: Instant,
): Reconciliation {
  const failure = detail.slice(0, 255);
  if (hasFailedForLong(reconciliation, now)) {
    const over = { status: 'failed', step: 'clearing', place: null, finishedAt: now } as const;
    return { ...reconciliation, ...over, failure, nextActionAt: now };
  }
  const step = Math.min(reconciliation.failures, WAITS.length - 1);
  return {
    ...reconciliation,
    failure,
    failures: reconciliation.failures + 1,
    failingSince: reconciliation.failingSince ?? now,
    nextActionAt: addMs(now, Math.max(WAITS[step] ?? MINUTE, waitMs ?? 0)),
  };
}

export function hasFailedForLong(
  { failingSince }: Pick<Reconciliation, 'failingSince'>,
  now: Instant,
): boolean {
  return failingSince !== null && addMs(failingSince, GIVES_UP_AFTER_MS) <= now;
}
