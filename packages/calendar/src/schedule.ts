import { z } from 'zod';
import { addMonths, type CalendarDate } from './civil-date';
import type { Instant } from './instant';
import { type BillingTime, chargeInstant } from './local-time';

export const Interval = z.enum(['monthly', 'quarterly', 'annual']);
export type Interval = z.infer<typeof Interval>;

export const FirstCharge = z.enum(['anniversary', 'purchase']);
export type FirstCharge = z.infer<typeof FirstCharge>;

const MONTHS: Record<Interval, number> = { monthly: 1, quarterly: 3, annual: 12 };

/** Where a subscription's billing dates come from. The anchor is the local date of purchase. */
export interface Anchor {
  readonly anchorDate: CalendarDate;
  readonly interval: Interval;
}

/**
 * The n-th anniversary: always from the anchor, never from the date before it, so that a clamped
 * February does not pull the later months forward.
 */
export function billingDate({ anchorDate, interval }: Anchor, cycle: number): CalendarDate {
  return addMonths(anchorDate, cycle * MONTHS[interval]);
}

/** The first cycle whose billing date is not before `day`. */
export function firstCycleFrom(anchor: Anchor, day: CalendarDate): number {
  const years = Number(day.slice(0, 4)) - Number(anchor.anchorDate.slice(0, 4));
  // One cycle early by construction: a year holds at most 12 / interval cycles, and dates rise with n.
  let cycle = Math.max(0, Math.floor(((years - 1) * 12) / MONTHS[anchor.interval]));
  while (billingDate(anchor, cycle) < day) cycle += 1;
  return cycle;
}

/**
 * The first cycle that is owed: the first anniversary, or the day of purchase itself where the
 * customer is charged at purchase; an import owes nothing from before the day of its registration.
 */
export function firstOwedCycle(
  anchor: Anchor,
  firstCharge: FirstCharge,
  registeredOn: CalendarDate,
): number {
  const first = firstCharge === 'purchase' ? 0 : 1;
  return Math.max(first, firstCycleFrom(anchor, registeredOn));
}

/** The first cycle from `first` on whose charge time is still to come. */
export function nextCycle(
  anchor: Anchor,
  first: number,
  now: Instant,
  today: CalendarDate,
  time: BillingTime,
): number {
  const cycle = Math.max(first, firstCycleFrom(anchor, today));
  return chargeInstant(billingDate(anchor, cycle), time) > now ? cycle : cycle + 1;
}
