import {
  addDays,
  type CalendarDate,
  chargeInstant,
  type Instant,
  instantOfMs,
  localDate,
  msOf,
} from '@perennial/calendar';
import { rules } from '../one-customer';

const QUARTER_HOUR = 900_000;
const known = new Map<number, CalendarDate>();

/** The local date; kept, because it is asked for at every step, and none begins within a quarter of an hour. */
export function dayOf(at: number | Instant): CalendarDate {
  const ms = typeof at === 'number' ? at : msOf(at);
  const quarter = Math.floor(ms / QUARTER_HOUR);
  const date = known.get(quarter) ?? localDate(instantOfMs(ms), rules.time.zone);
  known.set(quarter, date);
  return date;
}

/** Charge time of the day after. */
export function slotAfter(at: number | Instant): number {
  return msOf(chargeInstant(addDays(dayOf(at), 1), rules.time));
}

/** The next charge time, today's if it is still to come. */
export function nextSlot(at: number): number {
  const today = msOf(chargeInstant(dayOf(at), rules.time));
  return today > at ? today : slotAfter(at);
}

/** The last day of grace, for a payment whose first attempt reached the provider then. */
export function lastDay(reachedAt: number): CalendarDate {
  return addDays(dayOf(reachedAt), 5);
}
