import { addDays, type CalendarDate, chargeInstant, type Instant } from '@perennial/calendar';
import type { DeclineReason } from '@perennial/contracts';
import type { Moment, Rules } from './moment';

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
  return { next: 'retry', at: chargeInstant(addDays(today, 1), rules.time) };
}

/** The next charge time, today's if that is still to come. */
export function nextDailySlot({ now, today, rules: { time } }: Moment): Instant {
  const slot = chargeInstant(today, time);
  return slot > now ? slot : chargeInstant(addDays(today, 1), time);
}
