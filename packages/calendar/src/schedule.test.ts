import { parseDate } from './civil-date';
import { parseInstant } from './instant';
import { localDate } from './local-time';
import {
  billingDate,
  type FirstCharge,
  firstCycleFrom,
  firstOwedCycle,
  type Interval,
  nextCycle,
} from './schedule';

const of = (anchorDate: string, interval: Interval) => ({
  anchorDate: parseDate(anchorDate),
  interval,
});

// biome-ignore format: a table
test.each<[string, Interval, Record<number, string>]>([
  ['2026-01-03', 'monthly',   { 1: '2026-02-03', 2: '2026-03-03', 3: '2026-04-03' }],
  ['2026-01-31', 'monthly',   { 1: '2026-02-28', 2: '2026-03-31', 3: '2026-04-30', 4: '2026-05-31', 12: '2027-01-31' }],
  ['2026-01-29', 'monthly',   { 1: '2026-02-28', 2: '2026-03-29', 13: '2027-02-28', 25: '2028-02-29' }],
  ['2025-02-28', 'monthly',   { 1: '2025-03-28', 2: '2025-04-28' }],
  ['2025-11-30', 'quarterly', { 1: '2026-02-28', 2: '2026-05-30', 3: '2026-08-30', 4: '2026-11-30' }],
  ['2024-02-29', 'annual',    { 1: '2025-02-28', 2: '2026-02-28', 3: '2027-02-28', 4: '2028-02-29' }],
])('what is bought on %s and paid %s is billed on its anniversaries', (anchor, interval, dates) => {
  const billed = Object.keys(dates).map((n) => [n, billingDate(of(anchor, interval), Number(n))]);
  expect(Object.fromEntries(billed)).toEqual(dates);
});

test('a purchase half an hour before midnight UTC has the next day as its anchor in London’s summer', () => {
  expect(localDate(parseInstant('2026-07-03T23:30:00Z'), 'Europe/London')).toBe('2026-07-04');
});

// biome-ignore format: a table
test.each<[string, string, Interval, string, number]>([
  ['the day of purchase is cycle 0',             '2026-01-31', 'monthly',   '2026-01-31', 0],
  ['so is every day before it',                  '2026-01-31', 'monthly',   '2025-12-31', 0],
  ['the day after purchase awaits the first',    '2026-01-31', 'monthly',   '2026-02-01', 1],
  ['a clamped date is its cycle’s own',          '2026-01-31', 'monthly',   '2026-02-28', 1],
  ['the day after it awaits the next',           '2026-01-31', 'monthly',   '2026-03-01', 2],
  ['quarters are counted in threes',             '2025-11-30', 'quarterly', '2026-03-01', 2],
  ['years in twelves, leap years between',       '2024-02-29', 'annual',    '2028-02-29', 4],
  ['the first day after a leap day',             '2024-02-29', 'annual',    '2028-03-01', 5],
])('first cycle from a day on: %s', (_, anchor, interval, day, cycle) => {
  expect(firstCycleFrom(of(anchor, interval), parseDate(day))).toBe(cycle);
});

// biome-ignore format: a table
test.each<[string, string, FirstCharge, string, number]>([
  ['the shop took the first payment',            '2026-01-31', 'anniversary', '2026-01-31', 1],
  ['it did not: the day of purchase is owed',    '2026-01-31', 'purchase',    '2026-01-31', 0],
  ['registered after the day of purchase',       '2026-01-31', 'purchase',    '2026-02-01', 1],
  ['an import owes nothing from before',         '2024-01-31', 'anniversary', '2026-03-15', 26],
  ['an import, registered on an anniversary',    '2024-01-31', 'anniversary', '2026-03-31', 26],
  ['an import, the day after an anniversary',    '2024-01-31', 'anniversary', '2026-04-01', 27],
])('first owed cycle: %s', (_, anchor, firstCharge, registeredOn, cycle) => {
  const owed = firstOwedCycle(of(anchor, 'monthly'), firstCharge, parseDate(registeredOn));
  expect(owed).toBe(cycle);
});

// biome-ignore format: a table
test.each<[string, number, string, number]>([
  ['on the billing date, before charge time',       1, '2026-03-31T04:59:59.999Z', 2],
  ['at charge time the cycle is no longer to come', 1, '2026-03-31T05:00:00.000Z', 3],
  ['between two billing dates',                     1, '2026-04-10T12:00:00.000Z', 3],
  ['what is not owed yet is not next',              5, '2026-03-31T04:59:59.999Z', 5],
  ['at the charge time of the first that is owed',  5, '2026-06-30T05:00:00.000Z', 6],
])('next cycle: %s', (_, first, at, cycle) => {
  const now = parseInstant(at);
  const time = { zone: 'Europe/London', chargeTime: '06:00' };
  const today = localDate(now, time.zone);
  expect(nextCycle(of('2026-01-31', 'monthly'), first, now, today, time)).toBe(cycle);
});
