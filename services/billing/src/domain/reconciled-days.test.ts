import { addDays, msOf, parseDate, parseInstant } from '@perennial/calendar';
import { missedDays, newestDay, reconciledAt, windowOf } from './reconciled-days';

const london = { zone: 'Europe/London', at: '09:00' };
const HOUR_MS = 3_600_000;

// biome-ignore format: a table
test.each([
  ['a moment before its time', '2026-02-03T08:59:59.999Z', '2026-02-01'],
  ['at its time',              '2026-02-03T09:00:00Z',     '2026-02-02'],
  ['in summer, by the clock',  '2026-07-03T08:00:00Z',     '2026-07-02'],
  ['in summer, just before',   '2026-07-03T07:59:59.999Z', '2026-07-01'],
  ['late in the evening',      '2026-02-03T23:59:59.999Z', '2026-02-02'],
])('the newest day: %s', (_, now, day) => {
  expect(newestDay(parseInstant(now), london)).toBe(day);
});

test('a day is reconciled on the next, at the local time', () => {
  expect(reconciledAt(parseDate('2026-03-28'), london)).toBe('2026-03-29T08:00:00.000Z');
  expect(reconciledAt(parseDate('2026-03-27'), london)).toBe('2026-03-28T09:00:00.000Z');
});

// biome-ignore format: a table
test.each([
  ['2026-02-02', 'Europe/London',    '2026-02-02T00:00:00.000Z', 24],
  ['2026-07-02', 'Europe/London',    '2026-07-01T23:00:00.000Z', 24],
  ['2026-03-29', 'Europe/London',    '2026-03-29T00:00:00.000Z', 23],
  ['2026-10-25', 'Europe/London',    '2026-10-24T23:00:00.000Z', 25],
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z', 23],
])('%s in %s is whole', (day, zone, from, hours) => {
  const window = windowOf(parseDate(day), zone);
  expect(window.from).toBe(from);
  expect(msOf(window.to) - msOf(window.from)).toBe(hours * HOUR_MS);
  expect(window.to).toBe(windowOf(addDays(parseDate(day), 1), zone).from);
});

test.each([
  ['nothing', '2026-02-03', '2026-02-03', []],
  ['nothing after a clock that went back', '2026-02-04', '2026-02-03', []],
  ['yesterday', '2026-02-02', '2026-02-03', ['2026-02-03']],
  ['all in between', '2026-01-31', '2026-02-03', ['2026-02-01', '2026-02-02', '2026-02-03']],
])('missed is %s', (_, done, newest, days) => {
  expect(missedDays(parseDate(done), parseDate(newest))).toEqual(days);
});

test('of a longer time the last 35 days are made up for', () => {
  const days = missedDays(parseDate('2025-01-01'), parseDate('2026-02-04'));
  expect([days.length, days[0], days.at(-1)]).toEqual([35, '2026-01-01', '2026-02-04']);
});
