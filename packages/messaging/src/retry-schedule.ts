import { addMs, type Instant } from '@perennial/calendar';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DELAYS_MS = [SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, 60 * MINUTE];

export type NextTry =
  | { readonly state: 'retrying'; readonly nextTryAt: Instant }
  | { readonly state: 'parked'; readonly nextTryAt: null };

export const PARKED: NextTry = { state: 'parked', nextTryAt: null };

/** What becomes of a message that has failed `attempts` times, the last time now. */
export function afterFailure(attempts: number, now: Instant): NextTry {
  const delayMs = DELAYS_MS[attempts - 1];
  return delayMs === undefined ? PARKED : { state: 'retrying', nextTryAt: addMs(now, delayMs) };
}
