import { addDays, anniversary, daysFrom } from './anniversaries';
import { chargeTime, localDate } from './london';
import { Plan } from './plan';

test.each([
  ['2026-01-03', 'monthly', ['2026-01-03', '2026-02-03', '2026-03-03', '2026-04-03']],
  ['2026-01-31', 'monthly', ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']],
  ['2027-12-29', 'monthly', ['2027-12-29', '2028-01-29', '2028-02-29', '2028-03-29']],
  ['2025-02-28', 'monthly', ['2025-02-28', '2025-03-28', '2025-04-28']],
  ['2025-11-30', 'quarterly', ['2025-11-30', '2026-02-28', '2026-05-30', '2026-08-30']],
  ['2024-02-29', 'annual', ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29']],
] as const)('the anniversaries of %s, %s', (anchor, interval, dates) => {
  expect(dates.map((_, n) => anniversary(anchor, interval, n))).toEqual(dates);
});

test.each([
  ['2026-07-03T23:30:00.000Z', '2026-07-04'],
  ['2026-01-03T23:30:00.000Z', '2026-01-03'],
  ['2026-03-29T00:59:59.999Z', '2026-03-29'],
  ['2026-10-24T22:59:59.999Z', '2026-10-24'],
  ['2026-10-24T23:00:00.000Z', '2026-10-25'],
  ['2026-10-25T23:59:59.999Z', '2026-10-25'],
])('%s is on %s in London', (instant, date) => {
  expect(localDate(instant)).toBe(date);
});

test.each([
  ['2026-03-28', '2026-03-28T06:00:00.000Z'],
  ['2026-03-29', '2026-03-29T05:00:00.000Z'],
  ['2026-10-24', '2026-10-24T05:00:00.000Z'],
  ['2026-10-25', '2026-10-25T06:00:00.000Z'],
  ['2028-03-26', '2028-03-26T05:00:00.000Z'],
])('the charges of %s fall due at %s', (date, instant) => {
  expect(chargeTime(date)).toBe(instant);
});

test('days are counted over the change of the clocks and of the year', () => {
  expect(addDays('2026-12-30', 5)).toBe('2027-01-04');
  expect(addDays('2026-03-28', 1)).toBe('2026-03-29');
  expect(daysFrom('2028-02-28', '2028-03-01')).toBe(2);
});

function planOf(
  purchasedAt: string,
  registeredAt: string,
  firstCharge: 'anniversary' | 'purchase',
) {
  return new Plan({
    ...{ kind: 'subscribed', person: 0, customerId: 'c', subscriptionId: 's', quantity: 2 },
    ...{ interval: 'monthly', price: { amountMinor: 500, currency: 'GBP' }, firstCharge },
    ...{ purchasedAt, from: registeredAt, to: registeredAt },
  } as ConstructorParameters<typeof Plan>[0]);
}

test.each([
  [
    'bought today',
    '2026-01-31T10:00:00.000Z',
    '2026-01-31T10:00:00.000Z',
    'anniversary',
    ['2026-02-28'],
  ],
  [
    'charged at purchase',
    '2026-01-31T10:00:00.000Z',
    '2026-01-31T10:00:00.000Z',
    'purchase',
    ['2026-01-31', '2026-02-28'],
  ],
  ['imported', '2025-11-15T10:00:00.000Z', '2026-01-20T10:00:00.000Z', 'purchase', ['2026-02-15']],
  [
    'imported on an anniversary',
    '2025-11-15T10:00:00.000Z',
    '2026-02-15T10:00:00.000Z',
    'anniversary',
    ['2026-02-15'],
  ],
] as const)('%s: what is due until March', (_, purchasedAt, registeredAt, firstCharge, dates) => {
  const plan = planOf(purchasedAt, registeredAt, firstCharge);
  expect(plan.dueUntil('2026-03-01T00:00:00.000Z').map((n) => plan.dateOf(n))).toEqual(dates);
  expect(plan.amountMinor).toBe(1000);
});
