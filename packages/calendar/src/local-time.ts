import { z } from 'zod';
import type { CalendarDate } from './civil-date';
import { type Instant, instantOfMs, msOf } from './instant';

/** An IANA zone and the local time of day at which the charges of a date fall due. */
export interface BillingTime {
  readonly zone: string;
  /** `HH:MM` on a 24-hour clock. */
  readonly chargeTime: string;
}

export const TimeZone = z.string().refine(isTimeZone, 'not a known IANA time zone');
export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM');

export function localDate(instant: Instant, zone: string): CalendarDate {
  return wallClock(msOf(instant), zone).slice(0, 10) as CalendarDate;
}

/**
 * When the charges of `date` fall due. Where the clocks skip that time, the first moment after the
 * gap by as much as it was skipped (01:30 becomes 02:30); where they repeat it, the first of the two.
 */
export function chargeInstant(date: CalendarDate, time: BillingTime): Instant {
  const key = `${date} ${time.chargeTime} ${time.zone}`;
  const known = chargeInstants.get(key);
  if (known) return known;
  const instant = findChargeInstant(date, time);
  if (chargeInstants.size >= INSTANTS_KEPT) chargeInstants.clear();
  chargeInstants.set(key, instant);
  return instant;
}

// Every decision about a subscription asks for some, and there are few: one a day.
const chargeInstants = new Map<string, Instant>();
const INSTANTS_KEPT = 10_000;

function findChargeInstant(date: CalendarDate, { zone, chargeTime }: BillingTime): Instant {
  const wall = Date.parse(`${date}T${chargeTime}:00.000Z`);
  const offsetBefore = offsetMs(wall - MS_PER_DAY, zone);
  const offsetAfter = offsetMs(wall + MS_PER_DAY, zone);
  const candidates = [wall - offsetBefore, wall - offsetAfter];
  const real = candidates.filter((ms) => ms + offsetMs(ms, zone) === wall);
  return instantOfMs(real.length > 0 ? Math.min(...real) : wall - offsetBefore);
}

const MS_PER_DAY = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

function offsetMs(ms: number, zone: string): number {
  const wholeSeconds = Math.floor(ms / 1000) * 1000;
  return Date.parse(`${wallClock(wholeSeconds, zone)}.000Z`) - wholeSeconds;
}

/** The local date and time, `2026-07-04T00:30:00`. */
function wallClock(ms: number, zone: string): string {
  const parts = Object.fromEntries(
    formatter(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:${parts['second']}`;
}

// Making a formatter costs a hundred times as much as using it.
function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}

/** Short names are refused, as some libraries read them in ways of their own: `BST` as Dhaka's time. */
function isTimeZone(zone: string): boolean {
  if (zone !== 'UTC' && !zone.includes('/')) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
