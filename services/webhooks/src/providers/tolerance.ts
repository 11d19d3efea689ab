import { type Instant, msOf } from '@perennial/calendar';

/** How far a sender's clock may be from ours, either way. */
export const TOLERANCE_S = 300;

/** Whether a whole second of a sender's clock is near enough to now. */
export function isCurrent(seconds: number, now: Instant): boolean {
  return Math.abs(Math.floor(msOf(now) / 1000) - seconds) <= TOLERANCE_S;
}
