import { addMs, type Instant } from '@perennial/calendar';

/** How far a mail has come. */
export type Progress = { readonly id: string; readonly attempts: number } & (
  | { readonly status: 'pending'; readonly dueAt: Instant }
  | { readonly status: 'sent'; readonly sentAt: Instant }
  | { readonly status: 'failed' | 'dropped' }
);

/** What came of one attempt. */
export type Fate = 'accepted' | 'refused' | 'no_answer';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FIRST_DELAYS_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS];
const LATER_DELAY_MS = 6 * HOUR_MS;
/** About a week: mail that comes later than that helps nobody. */
const MAX_ATTEMPTS = 32;

/** `attempts` counts the one that just ended. */
export function afterAttempt(
  { id, attempts }: { readonly id: string; readonly attempts: number },
  fate: Fate,
  now: Instant,
): Progress {
  if (fate === 'accepted') return { id, attempts, status: 'sent', sentAt: now };
  if (fate === 'refused' || attempts >= MAX_ATTEMPTS) return { id, attempts, status: 'failed' };
  const delayMs = FIRST_DELAYS_MS[attempts - 1] ?? LATER_DELAY_MS;
  return { id, attempts, status: 'pending', dueAt: addMs(now, delayMs) };
}
