import {
  declined,
  notSent,
  OneCustomer,
  pending,
  succeeded,
  unknown,
} from '../../test/one-customer';

const buys = () => new OneCustomer().buys('s', { on: '2026-01-03' });
const due = () => buys().runsOn('2026-02-03');
const dueTogether = () =>
  buys().buys('t', { on: '2026-01-03', amountMinor: 700 }).runsOn('2026-02-03');

describe('Cancelling at the next billing date', () => {
  test('takes effect at charge time of its date, instead of the charge', () => {
    const customer = buys().on('2026-01-20').asksToEnd('s', '2026-02-03');
    expect(customer.runsOn('2026-02-03T05:59:59.999Z').state('s')).toBe('live');
    expect(customer.runsOn('2026-02-03').state('s')).toBe('cancellation_due');
    expect(customer.account.schedules).toMatchObject([{ end: { skippedCycle: 1 } }]);
    expect(customer.toldTypes()).toEqual(['billing.cycle-skipped.v1']);
    expect(customer.calls).toEqual([]);
    expect(customer.dueAt).toBeNull();
  });

  test('charges the dates before its own', () => {
    const customer = buys().asksToEnd('s', '2026-04-03');
    customer.runsUntil('2026-06-01', () => succeeded);
    expect(customer.account.payments.map(({ billingDate }) => billingDate)).toEqual([
      '2026-02-03',
      '2026-03-03',
    ]);
  });

  test('is found by a late run too: nothing is charged for its date', () => {
    const customer = buys().asksToEnd('s', '2026-02-03').runsOn('2026-03-20');
    expect(customer.state('s')).toBe('cancellation_due');
    expect(customer.calls).toEqual([]);
  });

  test('can be taken back before', () => {
    const customer = buys()
      .asksToEnd('s', '2026-02-03')
      .on('2026-02-03T05:59:59.999Z')
      .takesBack('s');
    expect(customer.runsOn('2026-02-03').charges).toEqual(['2026-02-03 s1 1000 GBP processing']);
  });

  test.each([
    [
      'taken back and asked for again',
      [
        ['asks', 2],
        ['takes back', 3],
        ['asks', 4],
      ],
      'cancellation_due',
    ],
    [
      'the asking told after it was taken back',
      [
        ['takes back', 3],
        ['asks', 2],
      ],
      'live',
    ],
    [
      'the taking back told after the newer asking',
      [
        ['asks', 4],
        ['takes back', 3],
      ],
      'cancellation_due',
    ],
    [
      'told twice',
      [
        ['asks', 2],
        ['takes back', 3],
        ['asks', 2],
      ],
      'live',
    ],
  ] as const)('the newest word counts: %s', (_, words, state) => {
    const customer = buys();
    for (const [word, version] of words) {
      if (word === 'asks') customer.asksToEnd('s', '2026-02-03', version);
      else customer.takesBack('s', version);
    }
    expect(customer.runsOn('2026-02-03').state('s')).toBe(state);
  });

  test('ends one subscription, not the customer’s others', () => {
    const customer = buys()
      .buys('t', { on: '2026-01-03' })
      .asksToEnd('s', '2026-02-03')
      .runsOn('2026-02-03');
    expect(customer.charges).toEqual(['2026-02-03 t1 1000 GBP processing']);
    expect(customer.state('t')).toBe('live');
  });
});

describe('Cancelling at the next billing date while a cycle is unpaid', () => {
  test('in grace, that cycle is still collected', () => {
    const customer = due().declined().asksToEnd('s', '2026-03-03').runsOn('2026-02-04').paid();
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
    expect(customer.runsOn('2026-03-03').state('s')).toBe('cancellation_due');
    expect(customer.moneyBack).toEqual([]);
  });

  test('in grace, the last decline still ends it unpaid', () => {
    const customer = due().declined().asksToEnd('s', '2026-03-03');
    customer.runsUntil('2026-02-10', () => declined());
    expect(customer.attempts).toHaveLength(6);
    expect(customer.state('s')).toBe('payment_exhausted');
  });

  test('an attempt unresolved over its date is still collected, and so is a decline after it', () => {
    const customer = due().hears(pending).asksToEnd('s', '2026-03-03').runsOn('2026-03-03');
    expect(customer.state('s')).toBe('cancellation_due');
    expect(customer.paid('webhook').charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
    expect(customer.moneyBack).toEqual([]);
  });

  test('a cycle that waits behind it is collected as well', () => {
    const customer = due().hears(pending).runsOn('2026-03-03').asksToEnd('s', '2026-04-03');
    customer.runsOn('2026-04-03').paid('webhook').runs().paid();
    expect(customer.charges).toEqual([
      '2026-02-03 s1 1000 GBP succeeded',
      '2026-03-03 s2 1000 GBP succeeded',
    ]);
    expect(customer.state('s')).toBe('cancellation_due');
    expect(customer.dueAt).toBeNull();
  });

  test('what is exhausted after its date stays cancelled', () => {
    const customer = due().hears(pending).asksToEnd('s', '2026-03-03').runsOn('2026-03-03');
    customer.declined('do_not_honor', 'webhook');
    expect(customer.payment.status).toBe('exhausted');
    expect(customer.state('s')).toBe('cancellation_due');
  });
});

describe('Cancelling now', () => {
  test('charges no date after it', () => {
    const customer = due().paid().endsNow('s');
    expect(customer.dueAt).toBeNull();
    expect(customer.runsOn('2026-03-03').calls).toHaveLength(1);
    expect(customer.moneyBack).toEqual([]);
  });

  test('while a cycle is unpaid: no further attempt for it, the cycle is dropped', () => {
    const customer = due().declined().endsNow('s');
    expect(customer.payment).toMatchObject({
      status: 'abandoned',
      items: [{ status: 'dropped' }],
      nextAttemptAt: null,
    });
    expect(customer.runsOn('2026-02-04').attempts).toEqual(['2026-02-03 attempt 1: declined']);
  });

  test('while it has not been sent: it never is', () => {
    const customer = due().hears(notSent).endsNow('s');
    customer.runsUntil('2026-02-05', () => succeeded);
    expect(customer.calls).toHaveLength(1);
    expect(customer.payment.status).toBe('abandoned');
    expect(customer.dueAt).toBeNull();
  });

  const inFlight = [
    ['just sent', (customer: OneCustomer) => customer],
    ['pending', (customer: OneCustomer) => customer.hears(pending)],
    ['unknown', (customer: OneCustomer) => customer.hears(unknown)],
  ] as const;

  test.each(inFlight)('an attempt in flight finishes and stands: %s, then paid', (_, answer) => {
    const customer = answer(due()).later(1000).endsNow('s').paid('webhook');
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
    expect(customer.moneyBack).toEqual([]);
    expect(customer.discrepancies).toEqual([]);
    expect(customer.state('s')).toBe('customer_request');
  });

  test.each(inFlight)(
    'an attempt in flight finishes: %s, then declined and dropped',
    (_, answer) => {
      const customer = answer(due()).later(1000).endsNow('s').declined('do_not_honor', 'webhook');
      expect(customer.payment.status).toBe('abandoned');
      expect(customer.toldTypes()).not.toContain('billing.payment-declined.v1');
      expect(customer.dueAt).toBeNull();
    },
  );

  test('a cycle waiting behind an attempt in flight is dropped', () => {
    const customer = due().hears(pending).runsOn('2026-03-03').endsNow('s').paid('webhook').runs();
    expect(customer.withoutPayment).toEqual(['s2 dropped']);
    expect(customer.calls.filter(({ kind }) => kind === 'charge')).toHaveLength(1);
  });

  test('one of two that are charged together: the other goes on alone', () => {
    const customer = dueTogether().declined().endsNow('s').runsOn('2026-02-04').paid();
    expect(customer.charges).toEqual(['2026-02-03 t1 700 GBP succeeded']);
    expect(customer.payment.items.map(({ status }) => status)).toEqual(['dropped', 'paid']);
  });

  test('a customer who is erased has nothing collected either', () => {
    const customer = due().declined().endsNow('s', 'customer_erased');
    expect(customer.payment.status).toBe('abandoned');
    expect(customer.state('s')).toBe('customer_erased');
  });

  test('told before the purchase itself, nothing is ever charged', () => {
    const customer = new OneCustomer().endsNow('s').buys('s', { on: '2026-01-03' });
    expect(customer.runsOn('2026-02-03').calls).toEqual([]);
    expect(customer.state('s')).toBe('customer_request');
  });
});

describe('Cancelled and terminated are final', () => {
  const ends: [string, (customer: OneCustomer) => OneCustomer, string][] = [
    ['cancelled now', (customer) => customer.endsNow('s'), 'customer_request'],
    [
      'cancelled at its date',
      (customer) => customer.asksToEnd('s', '2026-02-03').runsOn('2026-02-03'),
      'cancellation_due',
    ],
    [
      'cancelled for its card',
      (customer) => customer.losesCard().runsOn('2026-02-03'),
      'card_expired',
    ],
    [
      'terminated',
      (customer) => customer.runsUntil('2026-02-09', () => declined()),
      'payment_exhausted',
    ],
  ];
  test.each(ends)('%s', (_, end, state) => {
    const customer = end(buys());
    customer
      .endsNow('s', 'customer_erased')
      .takesBack('s')
      .asksToEnd('s', '2026-09-03', 9)
      .takesCard('pm_2');
    const charged = customer.calls.length;
    customer.buys('s', { on: '2026-01-03' }).runsOn('2026-05-03');
    expect(customer.state('s')).toBe(state);
    expect(customer.calls).toHaveLength(charged);
  });
});
