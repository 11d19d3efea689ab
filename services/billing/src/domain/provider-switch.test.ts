import { notSent, OneCustomer, pending, succeeded, unknown } from '../../test/one-customer';

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

describe('An attempt under way when the provider is switched', () => {
  test('that was not sent is closed, and made anew with the new provider', () => {
    const customer = switched(due().hears(notSent));
    const [first] = customer.payment.attempts;
    customer.runsUntil('2026-02-03T07:00:00.000Z', () => succeeded);
    expect(customer.payment.attempts).toMatchObject([
      { provider: 'aurora', status: 'not_sent', sends: 1, nextActionAt: null },
      { provider: 'borealis', status: 'succeeded', sends: 1 },
    ]);
    expect(customer.lastAttempt.idempotencyKey).not.toBe(first?.idempotencyKey);
  });

  test('that is open all the same is asked about where it was made, and nothing goes to the new one', () => {
    const customer = switched(due().hears(unknown));
    customer.runsUntil('2026-02-05', () => unknown);
    expect(new Set(providers(customer))).toEqual(new Set(['aurora']));
    expect(customer.calls.filter(({ kind }) => kind === 'charge')).toHaveLength(1);
  });
});
