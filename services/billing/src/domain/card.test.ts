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

describe('A card that is unavailable', () => {
  test.each([
    ['expired', 'card_expired'],
    ['cancelled', 'card_cancelled'],
  ] as const)('%s: cancelled on the next billing date instead of charged', (why, end) => {
    const customer = buys().on('2026-01-20').losesCard(why);
    expect(customer.runsOn('2026-02-03T05:59:59.999Z').state('s')).toBe('live');
    expect(customer.runsOn('2026-02-03').state('s')).toBe(end);
    expect(customer.account.schedules).toMatchObject([{ end: { skippedCycle: 1 } }]);
    expect(customer.toldTypes()).toEqual(['billing.cycle-skipped.v1']);
    expect(customer.calls).toEqual([]);
    expect(customer.dueAt).toBeNull();
  });

  test.each([
    ['a moment before charge time: nothing is charged', '2026-02-03T05:59:59.999Z', []],
    [
      'after the date was paid: that stands',
      '2026-02-03T06:00:01.000Z',
      ['2026-02-03 s1 1000 GBP succeeded'],
    ],
  ])('lost %s', (_, when, charges) => {
    const customer = buys();
    customer
      .runsUntil(when, () => succeeded)
      .losesCard()
      .runsOn('2026-03-03');
    expect(customer.charges).toEqual(charges);
    expect(customer.state('s')).toBe('card_expired');
  });

  test('ends every live subscription of the customer, each on its own next date', () => {
    const customer = buys()
      .buys('t', { on: '2026-01-15' })
      .buys('u', { on: '2026-01-20' })
      .endsNow('u')
      .losesCard();
    const states = () => ['s', 't', 'u'].map((id) => customer.state(id));
    expect(customer.runsOn('2026-02-03') && states()).toEqual([
      'card_expired',
      'live',
      'customer_request',
    ]);
    expect(customer.runsOn('2026-02-15') && states()).toEqual([
      'card_expired',
      'card_expired',
      'customer_request',
    ]);
    expect(customer.calls).toEqual([]);
  });

  test('ends what is found late once, on the first date that was not charged', () => {
    const customer = buys().losesCard().runsOn('2026-06-01');
    expect(customer.account.schedules).toMatchObject([{ end: { skippedCycle: 1 } }]);
    expect(customer.withoutPayment).toEqual([]);
  });

  test('told twice, the first cause stays', () => {
    const customer = buys().losesCard('cancelled').losesCard('expired').runsOn('2026-02-03');
    expect(customer.state('s')).toBe('card_cancelled');
  });

  test('a scheduled cancellation of that date remains the customer’s own', () => {
    const customer = buys().asksToEnd('s', '2026-02-03').losesCard().runsOn('2026-02-03');
    expect(customer.state('s')).toBe('cancellation_due');
  });
});

describe('In grace', () => {
  const inGrace = () => due().declined().later(1000).losesCard('cancelled');

  test('service goes on until the next daily slot', () => {
    const customer = inGrace().runsOn('2026-02-04T05:59:59.999Z');
    expect(customer.state('s')).toBe('live');
    expect(customer.payment.status).toBe('retrying');
  });

  test('no further attempt: cancelled at the next daily slot', () => {
    const customer = inGrace().runsOn('2026-02-04');
    expect(customer.state('s')).toBe('card_cancelled');
    expect(customer.attempts).toEqual(['2026-02-03 attempt 1: declined']);
    expect(customer.payment).toMatchObject({ status: 'abandoned', items: [{ status: 'dropped' }] });
    expect(customer.account.schedules).toMatchObject([{ end: { skippedCycle: 1 } }]);
    expect(customer.dueAt).toBeNull();
  });

  test('every subscription in the payment is cancelled, others on their own dates', () => {
    const customer = buys().buys('t', { on: '2026-01-03' }).buys('u', { on: '2026-01-10' });
    customer.runsOn('2026-02-03').declined().losesCard().runsOn('2026-02-04');
    expect(['s', 't', 'u'].map((id) => customer.state(id))).toEqual([
      'card_expired',
      'card_expired',
      'live',
    ]);
  });

  test('a new payment method before the slot revokes it, and is tried there', () => {
    const customer = inGrace().takesCard('pm_2').runsOn('2026-02-04').paid();
    expect(customer.attempts).toEqual([
      '2026-02-03 attempt 1: declined',
      '2026-02-04 attempt 2: succeeded',
    ]);
    expect(JSON.parse(customer.lastAttempt.body)).toMatchObject({ paymentMethod: 'pm_2' });
    expect(customer.state('s')).toBe('live');
  });
});

describe('An attempt that is in flight when the card is lost', () => {
  test.each([
    ['just sent', (customer: OneCustomer) => customer],
    ['pending', (customer: OneCustomer) => customer.hears(pending)],
    ['unknown', (customer: OneCustomer) => customer.hears(unknown)],
  ])('%s: success pays that cycle, and the cancellation waits for the next date', (_, answer) => {
    const customer = answer(due()).losesCard().paid('webhook');
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
    expect(customer.runsOn('2026-03-03T05:59:59.999Z').state('s')).toBe('live');
    expect(customer.runsOn('2026-03-03').state('s')).toBe('card_expired');
    expect(customer.moneyBack).toEqual([]);
  });

  test.each([
    ['just sent', (customer: OneCustomer) => customer],
    ['pending', (customer: OneCustomer) => customer.hears(pending)],
    ['unknown', (customer: OneCustomer) => customer.hears(unknown)],
  ])('%s: a decline cancels', (_, answer) => {
    const customer = answer(due()).losesCard().declined('card_expired', 'webhook');
    expect(customer.state('s')).toBe('card_expired');
    expect(customer.payment.status).toBe('abandoned');
    expect(customer.toldTypes()).not.toContain('billing.payment-declined.v1');
    expect(customer.dueAt).toBeNull();
  });

  test('that had not been sent is not sent any more', () => {
    const customer = due().hears(notSent).losesCard();
    customer.runsUntil('2026-02-03T07:00:00.000Z', () => succeeded);
    expect(customer.calls).toHaveLength(1);
    expect(customer.state('s')).toBe('card_expired');
  });

  test('that had not been sent is made anew with a new payment method', () => {
    const customer = due().hears(notSent).losesCard().takesCard('pm_2');
    customer.runsUntil('2026-02-03T07:00:00.000Z', () => succeeded);
    expect(
      customer.payment.attempts.map(({ status, sends, body }) => [
        ...[status, sends, JSON.parse(body).paymentMethod],
      ]),
    ).toEqual([
      ['not_sent', 1, 'pm_1'],
      ['succeeded', 1, 'pm_2'],
    ]);
  });

  test('and unresolved over the next date: no second charge, and the older one still stands', () => {
    const customer = due().hears(pending).losesCard().runsOn('2026-03-03');
    expect(customer.state('s')).toBe('card_expired');
    expect(customer.withoutPayment).toEqual([]);
    expect(customer.paid('webhook').charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
  });

  test('and unresolved until after the end: a new payment method collects nothing that waited', () => {
    const customer = due().hears(pending).runsOn('2026-03-03').losesCard().runsOn('2026-04-03');
    customer.takesCard('pm_2').paid('webhook').runs();
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
  });

  test('with a cycle waiting behind it: a decline drops that too', () => {
    const customer = due()
      .hears(pending)
      .runsOn('2026-03-03')
      .losesCard()
      .declined('unknown', 'webhook');
    expect(customer.withoutPayment).toEqual(['s2 dropped']);
    expect(
      customer.runsOn('2026-03-04').calls.filter(({ kind }) => kind === 'charge'),
    ).toHaveLength(1);
  });

  test('with a cycle waiting behind it: success pays, and what waited cancels', () => {
    const customer = due().hears(pending).runsOn('2026-03-03').losesCard().paid('webhook').runs();
    expect(customer.state('s')).toBe('card_expired');
    expect(customer.withoutPayment).toEqual(['s2 dropped']);
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
  });
});

describe('A payment method', () => {
  test('that is new, before the date, revokes the cancellation', () => {
    const customer = buys().losesCard().on('2026-02-03T05:59:59.999Z').takesCard('pm_2');
    customer.runsUntil('2026-03-03', () => succeeded);
    expect(customer.state('s')).toBe('live');
    expect(customer.charges).toHaveLength(2);
  });

  test('that is new, after the date, revives nothing', () => {
    const customer = buys().losesCard().runsOn('2026-02-03').takesCard('pm_2').runsOn('2026-03-03');
    expect(customer.state('s')).toBe('card_expired');
    expect(customer.calls).toEqual([]);
  });

  test.each([
    ['of the old one', 'pm_1'],
    ['of somebody else’s', 'pm_9'],
  ])('is not touched by a late event %s', (_, reference) => {
    const customer = buys().takesCard('pm_2').losesCard('expired', reference).runsOn('2026-02-03');
    expect(customer.paid().charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
    expect(customer.account.customer.paymentMethod).toMatchObject({
      reference: 'pm_2',
      unavailable: null,
    });
  });

  test('of the same name at another provider is another one', () => {
    const customer = buys()
      .takesCard('pm_1', { provider: 'borealis' })
      .losesCard('expired', 'pm_1');
    expect(customer.account.customer.paymentMethod?.unavailable).toBeNull();
  });

  test('that is announced out of order does not replace the newer one', () => {
    const customer = buys().takesCard('pm_2').takesCard('pm_3', { version: 2 });
    expect(customer.account.customer.paymentMethod?.reference).toBe('pm_2');
  });

  test('that is known to be unavailable already is not charged', () => {
    const customer = buys().takesCard('pm_2', { unavailable: 'cancelled' }).runsOn('2026-02-03');
    expect(customer.state('s')).toBe('card_cancelled');
    expect(customer.calls).toEqual([]);
  });

  test.each([
    ['in time: what fell due is charged', '2026-03-02', ['2026-02-03 s1 1000 GBP processing']],
    ['too late: what fell due is waived', '2026-03-11', ['2026-03-03 s2 1000 GBP processing']],
  ])('that has not been announced yet leaves all waiting; announced %s', (_, when, charges) => {
    const customer = buys().decide((account) => ({
      ...account,
      customer: { ...account.customer, paymentMethod: null },
    }));
    expect(customer.runsOn('2026-02-03').dueAt).toBeNull();
    expect(customer.on(when).takesCard('pm_2').runs().charges).toEqual(charges);
  });
});

test('after a decline in grace with a lost card, no day of grace is left to try', () => {
  const customer = due().losesCard();
  customer.runsUntil('2026-02-20', () => declined());
  expect(customer.attempts).toHaveLength(1);
});
