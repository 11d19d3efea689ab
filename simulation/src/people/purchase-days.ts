import {
  addDays,
  addMonths,
  type CalendarDate,
  daysBetween,
  type Instant,
  instantOfMs,
  parseDate,
  parseInstant,
} from '@perennial/calendar';
import type { Chance } from '../chance';
import { DAY_MS, endMs, HOUR_MS, londonDate, londonMs, type Window } from './billing-moments';

/** Where calendars go wrong: ends of months, the leap day, nights in which clocks change, almost midnight. */
const OLD_PURCHASES = [
  '2024-02-29T12:00:00.000Z',
  '2024-02-29T00:00:00.000Z',
  '2024-02-28T23:59:59.999Z',
  '2023-02-28T09:00:00.000Z',
  '2023-12-31T23:59:59.000Z',
  '2024-01-31T12:00:00.000Z',
  '2024-01-30T12:00:00.000Z',
  '2024-01-29T12:00:00.000Z',
  '2023-11-30T12:00:00.000Z',
  '2024-08-31T12:00:00.000Z',
  '2023-07-29T23:30:00.000Z',
  '2023-06-30T23:30:00.000Z',
  '2023-03-26T00:59:59.999Z',
  '2024-03-31T01:00:00.000Z',
  '2023-10-29T00:30:00.000Z',
  '2024-10-27T01:30:00.000Z',
].map(parseInstant);

/** What an import brings along. */
export function oldPurchase(luck: Chance, importedAtMs: number): Instant {
  const anniversary = addMonths(londonDate(importedAtMs), -luck.pick([1, 3, 12, 24], 'ago'));
  const nearby = addDays(anniversary, luck.between(-1, 1, 'nearby'));
  const old = luck.is(0.75, 'is old')
    ? luck.pick(OLD_PURCHASES, 'old')
    : instantOfMs(londonMs(nearby, '12:00'));
  return old < instantOfMs(importedAtMs) ? old : instantOfMs(importedAtMs - 40 * DAY_MS);
}

const SOME_SUNDAY = parseDate('2023-01-01');
const TIMES = ['00:00', '00:30', '01:00', '01:59', '05:59', '06:00', '12:00', '23:30', '23:59'];

/** A moment of an awkward day in the window; null: none was hit upon. */
export function awkwardMoment(luck: Chance, window: Window): number | null {
  const first = londonDate(window.startMs);
  const month = addMonths(firstOfMonth(first), luck.between(0, 13, 'month'));
  const year = month.slice(0, 4);
  const date = luck.weighted<() => CalendarDate>(
    [
      [5, () => addDays(month, luck.between(27, 30, 'day'))],
      [2, () => addDays(parseDate(`${year}-03-01`), -1)],
      [3, () => lastSunday(year, luck.pick(['03', '10'] as const, 'clocks'))],
    ],
    'kind',
  )();
  const ms = londonMs(date, luck.pick(TIMES, 'time')) + luck.between(0, 59_999, 'ms');
  return ms > window.startMs && ms < endMs(window) - 20 * DAY_MS ? ms : null;
}

export function someMoment(luck: Chance, fromMs: number, toMs: number): number {
  return fromMs + Math.floor(luck.number('moment') * Math.max(HOUR_MS, toMs - fromMs));
}

function firstOfMonth(date: CalendarDate): CalendarDate {
  return parseDate(`${date.slice(0, 7)}-01`);
}

/** On which the clocks of Europe change. */
function lastSunday(year: string, month: '03' | '10'): CalendarDate {
  const last = parseDate(`${year}-${month}-31`);
  return addDays(last, -(daysBetween(SOME_SUNDAY, last) % 7));
}
