import { parseDate } from '@perennial/calendar';
import { declined, OneCustomer, succeeded } from '../../test/one-customer';
import { comingCycles, nextCycles } from './coming';

const buys = (on: string, interval: 'monthly' | 'quarterly' | 'annual' = 'monthly') =>
  new OneCustomer().on('2026-02-01').buys('s', { on, interval, registeredOn: '2026-02-01' });

const scheduleOf = (customer: OneCustomer) => {
  const [schedule] = customer.account.schedules;
  if (!schedule) throw new Error('no subscription');
  return schedule;
};
const dates = (customer: OneCustomer, count: number) =>
  nextCycles(scheduleOf(customer), count).map(({ billingDate }) => billingDate);

describe('The coming billing dates', () => {
  test.each([
    ['2026-01-03', 'monthly', ['2026-02-03', '2026-03-03', '2026-04-03']],
    ['2026-01-31', 'monthly', ['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']],
    ['2026-01-29', 'monthly', ['2026-02-28', '2026-03-29', '2026-04-29']],
    ['2025-02-28', 'monthly', ['2026-02-28', '2026-03-28', '2026-04-28']],
    ['2025-11-30', 'quarterly', ['2026-02-28', '2026-05-30', '2026-08-30', '2026-11-30']],
    ['2024-02-29', 'annual', ['2026-02-28', '2027-02-28', '2028-02-29']],
  ] as const)('of %s, %s', (anchor, interval, expected) => {
    expect(dates(buys(anchor, interval), expected.length)).toEqual(expected);
  });

  test('carry the cycle and the amount fixed on the day of purchase', () => {
    expect(nextCycles(scheduleOf(buys('2025-12-03')), 2)).toEqual([
      { cycle: 2, billingDate: '2026-02-03', amount: { amountMinor: 1000, currency: 'GBP' } },
      { cycle: 3, billingDate: '2026-03-03', amount: { amountMinor: 1000, currency: 'GBP' } },
    ]);
  });

  test.each([
    ['declined', declined()],
    ['paid', succeeded],
  ])('a cycle that was %s is no coming one, and moves none', (_, answer) => {
    expect(dates(buys('2026-01-03').runsOn('2026-02-03').hears(answer), 2)).toEqual([
      '2026-03-03',
      '2026-04-03',
    ]);
  });

  test.each([
    ['before its date', '2026-04-02', 2],
    ['on its date', '2026-04-03', 2],
    ['after its date', '2026-04-04', 3],
  ])('end with a cancellation: %s', (_, on, count) => {
    expect(dates(buys('2026-01-03').asksToEnd('s', on), 12)).toHaveLength(count);
  });

  test('go on when the cancellation is taken back', () => {
    expect(dates(buys('2026-01-03').asksToEnd('s', '2026-02-03').takesBack('s'), 12)).toHaveLength(
      12,
    );
  });

  test.each([
    ['cancelled', (customer: OneCustomer) => customer.endsNow('s')],
    ['terminated', (customer: OneCustomer) => customer.runsUntil('2026-02-09', () => declined())],
  ])('there are none of a subscription that is %s', (_, end) => {
    expect(dates(end(buys('2026-01-03')), 12)).toEqual([]);
  });

  test('there are none of one that has only been heard of', () => {
    expect(dates(new OneCustomer().asksToEnd('s', '2026-02-03'), 12)).toEqual([]);
  });
});

describe('From a day on', () => {
  test.each([
    ['long past: from what is owed next', '2024-01-01', '2026-02-03'],
    ['the day before a date', '2026-04-02', '2026-04-03'],
    ['a billing date', '2026-04-03', '2026-04-03'],
    ['the day after a date', '2026-04-04', '2026-05-03'],
    ['years ahead', '2036-06-04', '2036-07-03'],
  ])('%s', (_, from, first) => {
    const [next] = comingCycles(scheduleOf(buys('2026-01-03')), parseDate(from));
    expect(next?.billingDate).toBe(first);
  });
});
