import {
  addDays,
  type CalendarDate,
  chargeInstant,
  daysBetween,
  type Instant,
  localDate,
} from '@perennial/calendar';

/** The zone whose days are reconciled, and the local time of day from which the day before is. */
export interface ReconcileTime {
  readonly zone: string;
  /** `HH:MM`. */
  readonly at: string;
}

const MOST_DAYS = 35;

/** When `day` is reconciled: on the day after it, once whatever was late in the night is settled. */
export function reconciledAt(day: CalendarDate, { zone, at }: ReconcileTime): Instant {
  return chargeInstant(addDays(day, 1), { zone, chargeTime: at });
}

/** The newest day whose time has come. */
export function newestDay(now: Instant, time: ReconcileTime): CalendarDate {
  const yesterday = addDays(localDate(now, time.zone), -1);
  return reconciledAt(yesterday, time) <= now ? yesterday : addDays(yesterday, -1);
}

/** All of a local day, also where the clocks change. */
export function windowOf(day: CalendarDate, zone: string): { from: Instant; to: Instant } {
  const midnight = { zone, chargeTime: '00:00' };
  return { from: chargeInstant(day, midnight), to: chargeInstant(addDays(day, 1), midnight) };
}

/** After `done`, up to `newest`, oldest first. What is longer ago than a month is left to an operator. */
export function missedDays(done: CalendarDate, newest: CalendarDate): CalendarDate[] {
  const missed = Math.min(Math.max(daysBetween(done, newest), 0), MOST_DAYS);
  return Array.from({ length: missed }, (_, n) => addDays(newest, n + 1 - missed));
}
