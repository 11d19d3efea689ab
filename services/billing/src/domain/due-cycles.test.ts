import { OneCustomer, pending, succeeded } from '../../test/one-customer';

const buys = (on: string, registeredOn = on) => new OneCustomer().buys('s', { on, registeredOn });

describe('A missed run is caught up', () => {
  test('late cycles keep their own dates and are collected oldest first, one at a time', () => {
    const customer = buys('2025-12-31').runsOn('2026-02-28T12:00:00.000Z');
    expect(customer.charges).toEqual(['2026-01-31 s1 1000 GBP processing']);
    expect(customer.withoutPayment).toEqual(['s2 waiting']);
    expect(customer.runs().calls).toHaveLength(1);
    expect(customer.paid().runs().charges).toEqual([
      '2026-01-31 s1 1000 GBP succeeded',
      '2026-02-28 s2 1000 GBP processing',
    ]);
  });

  test('a payment made late moves no later date', () => {
    const customer = buys('2026-01-03').runsOn('2026-03-01').paid();
    customer.runsUntil('2026-04-20', () => succeeded);
    expect(customer.charges).toEqual([
      '2026-02-03 s1 1000 GBP succeeded',
      '2026-03-03 s2 1000 GBP succeeded',
      '2026-04-03 s3 1000 GBP succeeded',
    ]);
  });

  test('several subscriptions with one date are still charged together', () => {
    const customer = buys('2026-01-03').buys('t', { on: '2026-01-03' }).runsOn('2026-02-09');
    expect(customer.charges).toEqual(['2026-02-03 s1 t1 2000 GBP processing']);
  });
});

describe('A cycle that is first found too late is waived', () => {
  test.each([
    ['35 days late is collected', 35, '2026-03-10T23:59:59.999Z', '2026-02-03 s1', []],
    ['36 days late is waived', 35, '2026-03-11T00:00:00.000Z', '2026-03-03 s2', ['s1']],
    [
      '36 days late is collected where 36 are allowed',
      36,
      '2026-03-11T23:59:59.999Z',
      '2026-02-03 s1',
      [],
    ],
    [
      '37 days late is waived where 36 are allowed',
      36,
      '2026-03-12T00:00:00.000Z',
      '2026-03-03 s2',
      ['s1'],
    ],
  ])('%s', (_, catchUpMaxDays, when, charged, waived) => {
    const customer = new OneCustomer({ catchUpMaxDays }).buys('s', { on: '2026-01-03' });
    expect(customer.runsOn(when).charges).toEqual([`${charged} 1000 GBP processing`]);
    const found = customer.account.cycles.filter(({ status }) => status === 'waived');
    expect(found.map(({ subscriptionId, cycle }) => `${subscriptionId}${cycle}`)).toEqual(waived);
  });

  test('a day late is waived where none is allowed', () => {
    const customer = new OneCustomer({ catchUpMaxDays: 0 }).buys('s', { on: '2026-01-03' });
    expect(customer.runsOn('2026-02-04T00:00:00.000Z').withoutPayment).toEqual(['s1 waived']);
    expect(customer.charges).toEqual([]);
  });

  test('with a discrepancy for each, and nobody gets a burst of old charges', () => {
    const customer = buys('2025-06-03').runsOn('2026-01-05');
    expect(customer.withoutPayment).toEqual(
      [1, 2, 3, 4, 5].map((cycle) => `s${cycle} waived`).concat('s7 waiting'),
    );
    expect(customer.discrepancies).toEqual(Array(5).fill('waived_cycle'));
    expect(customer.account.discrepancies[4]).toMatchObject({
      about: 's:5',
      details: { billingDate: '2025-11-03', daysLate: 63, amountMinor: 1000, currency: 'GBP' },
    });
    expect(customer.charges).toEqual(['2025-12-03 s6 1000 GBP processing']);
  });

  test('one that waits behind an open payment is not, however late it is found', () => {
    const customer = buys('2026-01-03').runsOn('2026-02-03').hears(pending);
    customer.runsOn('2026-05-01T12:00:00.000Z');
    expect(customer.withoutPayment).toEqual(['s2 waiting', 's3 waiting']);
    expect(customer.paid('webhook').runs().charges[1]).toBe('2026-03-03 s2 1000 GBP processing');
    expect(customer.discrepancies).toEqual([]);
  });

  test('one that was found in time and then waited long is not', () => {
    const customer = buys('2026-01-03').runsOn('2026-02-03').hears(pending).runsOn('2026-03-03');
    customer.on('2026-06-01').paid('webhook').runs();
    expect(customer.charges[1]).toBe('2026-03-03 s2 1000 GBP processing');
  });
});

describe('An import keeps its anchor and owes only what is not before its registration', () => {
  test.each([
    ['the day before a billing date', '2026-02-02', '2026-02-03'],
    ['on a billing date', '2026-02-03', '2026-02-03'],
    ['the day after a billing date', '2026-02-04', '2026-03-03'],
  ])('registered %s', (_, registeredOn, first) => {
    const customer = buys('2024-07-03', registeredOn).on(`${registeredOn}T12:00:00.000Z`);
    customer.runsUntil('2026-03-03', () => succeeded);
    expect(customer.account.payments[0]?.billingDate).toBe(first);
    expect(customer.withoutPayment).toEqual([]);
  });

  test('a clamped anchor stays whole', () => {
    const customer = buys('2025-08-31', '2026-02-10').on('2026-02-10');
    customer.runsUntil('2026-04-30', () => succeeded);
    expect(customer.account.payments.map(({ billingDate }) => billingDate)).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]);
  });
});

describe('The first charge', () => {
  test.each([
    [
      'bought before charge time: at charge time',
      '2026-01-03T05:00:00.000Z',
      '2026-01-03T06:00:00.000Z',
    ],
    ['bought at charge time: at once', '2026-01-03T06:00:00.000Z', '2026-01-03T06:00:00.000Z'],
    ['bought after charge time: at once', '2026-01-03T17:30:00.000Z', '2026-01-03T17:30:00.000Z'],
  ])('of a purchase that is charged too, %s', (_, boughtAt, chargedAt) => {
    const customer = new OneCustomer().on(boughtAt);
    customer.buys('s', { on: '2026-01-03', firstCharge: 'purchase' });
    customer.runsUntil('2026-01-04', () => succeeded);
    expect(customer.charges).toEqual(['2026-01-03 s0 1000 GBP succeeded']);
    expect(customer.lastAttempt.startedAt).toBe(chargedAt);
    expect(customer.dueAt).toBe('2026-02-03T06:00:00.000Z');
  });

  test('is otherwise the first anniversary', () => {
    expect(buys('2026-01-03').dueAt).toBe('2026-02-03T06:00:00.000Z');
  });

  test('of an import is not its old purchase', () => {
    const customer = new OneCustomer().on('2026-01-04').buys('s', {
      on: '2026-01-03',
      registeredOn: '2026-01-04',
      firstCharge: 'purchase',
    });
    expect(customer.dueAt).toBe('2026-02-03T06:00:00.000Z');
  });
});
