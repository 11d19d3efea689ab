import { type FirstCharge, parseDate, parseInstant } from '@perennial/calendar';
import { nextBillingDate, nextDailySlot } from './billing-dates';
import { momentOf } from './moment';

const time = { zone: 'Europe/London', chargeTime: '06:00' };

function next(anchor: string, firstCharge: FirstCharge, registeredOn: string, now: string): string {
  const dates = {
    anchorDate: parseDate(anchor),
    interval: 'monthly' as const,
    firstCharge,
    registeredOn: parseDate(registeredOn),
  };
  return nextBillingDate(dates, momentOf(parseInstant(now), time));
}

// biome-ignore format: a table
test.each([
  ['the first anniversary is next',                        '2026-01-31', 'anniversary', '2026-01-31', '2026-01-31T10:00:00Z', '2026-02-28'],
  ['until its charge time',                                '2026-01-31', 'anniversary', '2026-01-31', '2026-02-28T05:59:59.999Z', '2026-02-28'],
  ['from its charge time on, the one after',               '2026-01-31', 'anniversary', '2026-01-31', '2026-02-28T06:00:00Z', '2026-03-31'],
  ['charge time is local: 05:00 UTC in summer',            '2026-03-30', 'anniversary', '2026-03-30', '2026-04-30T05:00:00Z', '2026-05-30'],
  ['charged at purchase, before charge time: today',       '2026-01-31', 'purchase',    '2026-01-31', '2026-01-31T05:00:00Z', '2026-01-31'],
  ['charged at purchase, after it: the anniversary',       '2026-01-31', 'purchase',    '2026-01-31', '2026-01-31T10:00:00Z', '2026-02-28'],
  ['an import owes from its registration on',              '2024-01-31', 'anniversary', '2026-03-15', '2026-03-15T10:00:00Z', '2026-03-31'],
  ['an import on an anniversary owes that one',            '2024-01-31', 'anniversary', '2026-03-31', '2026-03-31T04:00:00Z', '2026-03-31'],
] as const)('%s', (_, anchor, firstCharge, registeredOn, now, expected) => {
  expect(next(anchor, firstCharge, registeredOn, now)).toBe(expected);
});

test.each([
  ['2026-03-01T05:59:59Z', '2026-03-01'],
  ['2026-03-01T06:00:00Z', '2026-03-02'],
])('the daily slot after %s is on %s', (now, expected) => {
  expect(nextDailySlot(momentOf(parseInstant(now), time))).toBe(expected);
});
