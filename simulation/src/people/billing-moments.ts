import {
  addDays,
  billingDate,
  type CalendarDate,
  chargeInstant,
  firstOwedCycle,
  instantOfMs,
  localDate,
  msOf,
} from '@perennial/calendar';
import type { PlannedSubscription } from './life';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
export const SECOND_MS = 1_000;

const ZONE = 'Europe/London';
const CHARGE_TIME = '06:00';

/** The stretch of time in which people live. */
export interface Window {
  readonly startMs: number;
  readonly days: number;
}

/** A billing date of a subscription, as far as the plan knows. */
export interface BillingMoment {
  /** Its place in the life. */
  readonly subscription: number;
  readonly date: CalendarDate;
}

export function endMs({ startMs, days }: Window): number {
  return startMs + days * DAY_MS;
}

export function londonDate(ms: number): CalendarDate {
  return localDate(instantOfMs(ms), ZONE);
}

/** The moment at which clocks in London show `time`. */
export function londonMs(date: CalendarDate, time: string): number {
  return msOf(chargeInstant(date, { zone: ZONE, chargeTime: time }));
}

export function chargeMs(date: CalendarDate, daysLater = 0): number {
  return londonMs(addDays(date, daysLater), CHARGE_TIME);
}

/** All that fall into the window if nothing comes in between. */
export function billingMoments(
  subscription: number,
  { interval, firstCharge, purchasedAt }: PlannedSubscription,
  boughtAtMs: number,
  window: Window,
): BillingMoment[] {
  const anchorDate = londonDate(purchasedAt ? msOf(purchasedAt) : boughtAtMs);
  const anchor = { anchorDate, interval };
  const moments: BillingMoment[] = [];
  let cycle = firstOwedCycle(anchor, firstCharge, londonDate(boughtAtMs));
  for (;;) {
    const date = billingDate(anchor, cycle);
    if (chargeMs(date) >= endMs(window)) return moments;
    moments.push({ subscription, date });
    cycle += 1;
  }
}
