import {
  declined,
  notSent,
  OneCustomer,
  type Purchase,
  pending,
  succeeded,
} from '../../test/one-customer';

const two = (b: Partial<Purchase> = {}) =>
  new OneCustomer()
    .buys('a', { on: '2026-01-03', amountMinor: 1250 })
    .buys('b', { on: '2026-01-03', amountMinor: 750, ...b });

describe('A cycle is owed once', () => {
  test.each([
    ['the day before', '2026-02-02T23:59:59.999Z', []],
    ['a moment before charge time', '2026-02-03T05:59:59.999Z', []],
    ['at charge time', '2026-02-03T06:00:00.000Z', ['2026-02-03 s1 1000 GBP processing']],
    ['late on the day', '2026-02-03T23:59:59.999Z', ['2026-02-03 s1 1000 GBP processing']],
    ['on the day after', '2026-02-04T00:00:00.000Z', ['2026-02-03 s1 1000 GBP processing']],
  ])('%s', (_, when, charges) => {
    const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
    expect(customer.runsOn(when).charges).toEqual(charges);
  });

  test.each([
    ['unanswered', (customer: OneCustomer) => customer],
    ['paid', (customer: OneCustomer) => customer.paid()],
    ['declined', (customer: OneCustomer) => customer.declined()],
    ['pending', (customer: OneCustomer) => customer.hears(pending)],
  ])('however often the run comes by while it is %s', (_, answer) => {
    const customer = answer(new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03'));
    customer.runs().runs().later(1000).runs();
    expect(customer.calls).toHaveLength(1);
    expect(customer.charges).toHaveLength(1);
  });

  test('announced again after it was charged', () => {
    const purchase = { on: '2026-01-03' };
    const customer = new OneCustomer().buys('s', purchase).runsOn('2026-02-03').paid();
    customer.buys('s', purchase).runs();
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
  });
});

describe('What is due together is one payment', () => {
  const apart = ['2026-02-03 a1 1250 GBP processing', '2026-02-03 b1 750 GBP processing'];
  test.each([
    ['of one billing date and currency', two(), ['2026-02-03 a1 b1 2000 GBP processing']],
    [
      'of another interval on the same date',
      two({ on: '2025-11-03', interval: 'quarterly' }),
      ['2026-02-03 a1 b1 2000 GBP processing'],
    ],
    [
      'but not of another currency',
      two({ currency: 'JPY' }),
      ['2026-02-03 a1 1250 GBP processing', '2026-02-03 b1 750 JPY processing'],
    ],
    [
      'but not of another billing date, though found together',
      two({ on: '2026-01-02' }),
      ['2026-02-03 a1 1250 GBP processing', '2026-02-02 b1 750 GBP processing'],
    ],
    [
      'unless the customer’s charges are not combined',
      two().takesCard('pm_2', { combineCharges: false }),
      apart,
    ],
  ])('%s', (_, customer, charges) => {
    expect(customer.runsOn('2026-02-03').charges).toEqual(charges);
    expect(customer.calls).toHaveLength(charges.length);
  });

  test('with one item a cycle and one attempt for the sum', () => {
    const customer = two().runsOn('2026-02-03');
    expect(customer.payment).toMatchObject({
      provider: 'aurora',
      items: [
        { subscriptionId: 'a', cycle: 1, amount: { amountMinor: 1250 }, status: 'owed' },
        { subscriptionId: 'b', cycle: 1, amount: { amountMinor: 750 }, status: 'owed' },
      ],
      attempts: [{ amount: { amountMinor: 2000, currency: 'GBP' } }],
    });
  });
});

describe('A subscription has at most one open payment', () => {
  const waiting = () =>
    new OneCustomer()
      .buys('s', { on: '2026-01-03' })
      .runsOn('2026-02-03')
      .hears(pending)
      .runsOn('2026-03-03');

  test('while an older one is open the next waits', () => {
    const customer = waiting();
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP processing']);
    expect(customer.withoutPayment).toEqual(['s2 waiting']);
  });

  test('once it is paid, the next is charged for its own billing date', () => {
    const customer = waiting().paid('webhook').runs();
    expect(customer.charges).toEqual([
      '2026-02-03 s1 1000 GBP succeeded',
      '2026-03-03 s2 1000 GBP processing',
    ]);
    expect(customer.withoutPayment).toEqual([]);
  });

  test('once it is exhausted, what waited is dropped with the subscription', () => {
    const customer = waiting().declined('do_not_honor', 'webhook').runs();
    expect(customer.payment.status).toBe('exhausted');
    expect(customer.withoutPayment).toEqual(['s2 dropped']);
    expect(customer.dueAt).toBeNull();
  });

  test('it does not hold up the customer’s other subscriptions', () => {
    const customer = waiting().buys('t', { on: '2026-03-04' }).runsOn('2026-04-04');
    expect(customer.charges).toEqual([
      '2026-02-03 s1 1000 GBP processing',
      '2026-04-04 t1 1000 GBP processing',
    ]);
    expect(customer.withoutPayment).toEqual(['s2 waiting', 's3 waiting']);
  });
});

describe('An attempt is fixed before it is sent', () => {
  test('one key has one body, with our reference and the amount', () => {
    const { idempotencyKey, reference, amount, body } = two().runsOn('2026-02-03').lastAttempt;
    const sent = { reference, amount, paymentMethod: 'pm_1', at: '2026-02-03T06:00:00.000Z' };
    expect(JSON.parse(body)).toEqual(sent);
    expect(idempotencyKey).not.toBe('');
  });

  test('each attempt has a key and a reference of its own', () => {
    const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
    customer.runsUntil('2026-02-10', () => declined());
    const attempts = customer.payment.attempts;
    expect(new Set(attempts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(6);
    expect(new Set(attempts.map(({ reference }) => reference)).size).toBe(6);
  });

  test('an item dropped after a decline lowers the next attempt, never the one already made', () => {
    const customer = two().runsOn('2026-02-03').declined().endsNow('b').runsOn('2026-02-04');
    expect(
      customer.payment.attempts.map(({ amount, body }) => [amount, JSON.parse(body).amount]),
    ).toEqual([
      [
        { amountMinor: 2000, currency: 'GBP' },
        { amountMinor: 2000, currency: 'GBP' },
      ],
      [
        { amountMinor: 1250, currency: 'GBP' },
        { amountMinor: 1250, currency: 'GBP' },
      ],
    ]);
    expect(customer.paid().charges).toEqual(['2026-02-03 a1 1250 GBP succeeded']);
  });

  test('an item dropped while nothing was sent is not sent again with the rest', () => {
    const customer = two().runsOn('2026-02-03');
    customer.hears(notSent).endsNow('b');
    customer.runsUntil('2026-02-03T07:00:00.000Z', () => succeeded);
    expect(customer.payment.attempts).toMatchObject([
      { amount: { amountMinor: 2000 }, status: 'not_sent', sends: 1 },
      { amount: { amountMinor: 1250 }, status: 'succeeded', sends: 1 },
    ]);
  });
});
