import {
  HOUR_MS,
  notFound,
  notSent,
  OneCustomer,
  pending,
  succeeded,
  unknown,
} from '../../test/one-customer';
import { hears, refundCalls } from '../../test/refunds';

const buys = () => new OneCustomer().buys('s', { on: '2026-01-03' });
const due = () => buys().runsOn('2026-02-03');
const switched = (customer: OneCustomer) => customer.takesCard('bor_1', { provider: 'borealis' });
const providers = ({ account }: OneCustomer) =>
  account.payments.flatMap(({ attempts }) => attempts.map(({ provider }) => provider));
const told = (customer: OneCustomer) =>
  customer.toldTypes().filter((type) => type.includes('attempt'));

const UNRESOLVED = 'billing.attempt-unresolved.v1';
const RESOLVED = 'billing.attempt-resolved.v1';

describe('While the outcome of a charge is open, whoever could switch the provider is told', () => {
  test.each([
    ['pending', pending],
    ['unknown', unknown],
  ])('%s: told once, however often it is heard', (_, answer) => {
    const customer = due().hears(answer);
    expect(told(customer)).toEqual([UNRESOLVED]);
    customer.runsUntil('2026-02-05', () => answer);
    expect(told(customer)).toEqual([UNRESOLVED]);
  });

  test.each([
    ['succeeded', succeeded],
    [
      'declined',
      { outcome: 'declined', reason: 'do_not_honor', rawReason: null, providerReference: null },
    ],
  ] as const)('and told again when it %s', (_, answer) => {
    const customer = due()
      .hears(unknown)
      .hears(answer, { by: 'webhook' })
      .hears(answer, { by: 'enquiry' });
    expect(told(customer)).toEqual([UNRESOLVED, RESOLVED]);
  });

  test('and told again when it turns out never to have arrived', () => {
    const customer = due()
      .hears(unknown)
      .later(600_000)
      .hears({ outcome: 'not_found' }, { by: 'enquiry' });
    expect(told(customer)).toEqual([UNRESOLVED, RESOLVED]);
  });

  test.each([
    ['succeeded', succeeded],
    ['not sent', notSent],
  ])('an attempt that %s at once is not talked about', (_, answer) => {
    expect(told(due().hears(answer))).toEqual([]);
  });
});

describe('A switch leaves history true', () => {
  test('the next payment is made with the new provider, the ones before stay where they were', () => {
    const customer = switched(due().paid()).runsOn('2026-03-03').paid();
    expect(customer.account.payments.map(({ provider }) => provider)).toEqual([
      'aurora',
      'borealis',
    ]);
    expect(providers(customer)).toEqual(['aurora', 'borealis']);
    expect(JSON.parse(customer.lastAttempt.body)).toMatchObject({ paymentMethod: 'bor_1' });
  });

  test('in grace: the next attempt goes to the new provider, the declined one keeps its own', () => {
    const customer = switched(due().declined()).runsOn('2026-02-04');
    expect(customer.payment.provider).toBe('borealis');
    expect(providers(customer.paid())).toEqual(['aurora', 'borealis']);
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
  });

  test('a refund goes to the provider that has the money', () => {
    const customer = due().paid();
    switched(customer).refunds({ form: 'all' });
    expect(customer.account.refunds).toMatchObject([{ provider: 'aurora' }]);
  });

  test('a discrepancy names the provider that it came from', () => {
    const customer = switched(due().paid()).declined('unknown', 'webhook');
    expect(customer.account.discrepancies).toMatchObject([
      { kind: 'contradicting_outcome', provider: 'aurora' },
    ]);
  });

  test('a success that the old provider tells of late is recorded with it', () => {
    const customer = switched(due().declined()).paid('webhook');
    expect(providers(customer)).toEqual(['aurora']);
    expect(customer.runsOn('2026-02-04').attempts).toEqual(['2026-02-03 attempt 1: succeeded']);
  });
});

describe('When both providers had a try, and the old one tells of a success late', () => {
  const both = () => switched(due().declined()).runsOn('2026-02-04');
  const late = (customer: OneCustomer) => {
    const [first] = customer.payment.attempts;
    if (!first) throw new Error('no first attempt');
    return customer.hears(succeeded, { attempt: first, by: 'webhook' });
  };

  test('the payment is where the money is, and its refund too', () => {
    const customer = late(both().declined()).refunds({ form: 'all' });
    expect(customer.payment.provider).toBe('aurora');
    expect(customer.account.refunds).toMatchObject([{ provider: 'aurora', origin: 'operator' }]);
  });

  test('the second capture goes back where it was made, the first stays', () => {
    const customer = late(both().paid());
    expect(customer.payment.provider).toBe('borealis');
    expect(customer.account.refunds).toMatchObject([{ provider: 'aurora', origin: 'automatic' }]);
  });
});

describe('Whatever a charge is doing when the provider is switched', () => {
  const turnedAway = { outcome: 'not_sent', detail: '503', waitMs: null, arrived: true } as const;
  const byEnquiry = { by: 'enquiry' } as const;
  type Step = (customer: OneCustomer) => OneCustomer;
  const nothing: Step = (customer) => customer;
  const paidLater: Step = (customer) => customer.paid('webhook');
  const declinedLater: Step = (customer) => customer.declined('do_not_honor', 'webhook');
  const neverThere: Step = (customer) => customer.later(HOUR_MS).runs().hears(notFound, byEnquiry);
  const givenUp = () =>
    due()
      .hears(unknown)
      .later(25 * HOUR_MS)
      .runs()
      .hears(notFound, byEnquiry);

  /** Before the switch, after it, and the attempts in the end. */
  const moments: [string, () => OneCustomer, Step, string[]][] = [
    ['not due yet', () => buys().on('2026-02-01'), nothing, ['borealis succeeded']],
    ['on its way, then paid', due, paidLater, ['aurora succeeded']],
    ['on its way, then declined', due, declinedLater, ['aurora declined', 'borealis succeeded']],
    ['unknown, then paid', () => due().hears(unknown), paidLater, ['aurora succeeded']],
    [
      'unknown, then declined',
      () => due().hears(unknown),
      declinedLater,
      ['aurora declined', 'borealis succeeded'],
    ],
    [
      'unknown, then found nowhere',
      () => due().hears(unknown),
      neverThere,
      ['aurora not_sent', 'borealis succeeded'],
    ],
    ['pending, then paid', () => due().hears(pending), paidLater, ['aurora succeeded']],
    [
      'pending, then declined',
      () => due().hears(pending),
      declinedLater,
      ['aurora declined', 'borealis succeeded'],
    ],
    [
      'not sent, waiting',
      () => due().hears(notSent),
      nothing,
      ['aurora not_sent', 'borealis succeeded'],
    ],
    [
      'turned away, waiting',
      () => due().hears(turnedAway),
      nothing,
      ['aurora not_sent', 'borealis succeeded'],
    ],
    ['given up', givenUp, nothing, ['aurora not_sent', 'borealis succeeded']],
    [
      'declined, a second before the retry',
      () => due().declined().on('2026-02-04T05:59:59.000Z'),
      nothing,
      ['aurora declined', 'borealis succeeded'],
    ],
    ['paid', () => due().paid(), nothing, ['aurora succeeded']],
  ];

  test.each(moments)('%s', (_, before, then, attempts) => {
    const customer = before();
    const known = customer.calls.length;
    then(switched(customer)).runsUntil('2026-02-10', () => succeeded);
    expect(
      customer.payment.attempts.map(({ provider, status }) => `${provider} ${status}`),
    ).toEqual(attempts);
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
    const keys = new Set(customer.payment.attempts.map(({ idempotencyKey }) => idempotencyKey));
    expect(keys.size).toBe(attempts.length);
    for (const call of customer.calls.slice(known)) {
      if (!('attempt' in call)) continue;
      // Asked where it was made; made where the customer is now.
      expect([call.kind, call.attempt.provider]).toEqual(
        call.attempt.number === 1 && attempts[0]?.startsWith('aurora')
          ? ['enquire', 'aurora']
          : ['charge', 'borealis'],
      );
    }
    customer.refunds({ form: 'all' });
    const [home = ''] = (attempts.at(-1) ?? '').split(' ');
    expect(customer.account.refunds).toMatchObject([{ provider: home }]);
    expect(customer.runsUntil('2026-03-03', () => succeeded).lastAttempt.provider).toBe('borealis');
  });

  test('open for days: it is asked about where it was made, and nothing goes to the new one', () => {
    const customer = switched(due().hears(unknown));
    customer.runsUntil('2026-02-05', () => unknown);
    expect(new Set(providers(customer))).toEqual(new Set(['aurora']));
    expect(customer.calls.filter(({ kind }) => kind === 'charge')).toHaveLength(1);
  });

  test('past the life of its key there: asked about there, before the new one is asked for money', () => {
    const customer = due().hears(turnedAway);
    customer.runsUntil('2026-02-04T05:58:59.999Z', () => turnedAway);
    switched(customer).runsUntil('2026-02-04T12:00:00.000Z', () => unknown);
    expect(new Set(providers(customer))).toEqual(new Set(['aurora']));
    customer.hears(notFound, byEnquiry).runsUntil('2026-02-06', () => succeeded);
    expect(providers(customer)).toEqual(['aurora', 'borealis']);
  });

  test('a refund of it under way: asked about, and sent again, where the money is', () => {
    const customer = switched(due().paid().refunds({ form: 'all' }).runs());
    hears(customer, { outcome: 'unknown', detail: '' }).later(HOUR_MS).runs();
    hears(customer, { outcome: 'not_found' }, 'enquiry').runs();
    expect(refundCalls(customer).map(({ kind, refund }) => [kind, refund.provider])).toEqual([
      ['refund', 'aurora'],
      ['enquire-refund', 'aurora'],
      ['refund', 'aurora'],
    ]);
  });
});
