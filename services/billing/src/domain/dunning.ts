import { addDays, type CalendarDate, chargeInstant, type Instant } from '@perennial/calendar';
import type { DeclineReason } from '@perennial/contracts';
import type { Rules } from './moment';

/** We charge again daily until this many days after the first attempt that reached the provider. */
export const GRACE_DAYS = 5;

export type AfterDecline =
  | { readonly next: 'retry'; readonly at: Instant }
  | { readonly next: 'exhausted' };

/**
 * What follows a decline that became known on `today`, for a payment whose first attempt reached the
 * provider on `firstReachedOn`. Billing rules: "Dunning".
 */
export function afterDecline(
  reason: DeclineReason,
  firstReachedOn: CalendarDate,
  today: CalendarDate,
  rules: Rules,
): AfterDecline {
  if (rules.nonRetryable.includes(reason) || today >= addDays(firstReachedOn, GRACE_DAYS)) {
    return { next: 'exhausted' };
  }
  return { next: 'retry', at: nextDailySlot(today, rules) };
}

/** Charge time of the next local day: one attempt a day. */
export function nextDailySlot(today: CalendarDate, { time }: Rules): Instant {
  return chargeInstant(addDays(today, 1), time);
}
