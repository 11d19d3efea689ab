import { declined, OneCustomer, pending, succeeded, unknown } from '../../test/one-customer';

const due = () => new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03');

describe('Dunning', () => {
  test('at most six attempts: D, D+1 … D+5, one a local day, then the end', () => {
    const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
    customer.runsUntil('2026-03-10', () => declined());
    expect(customer.attempts).toEqual([
      '2026-02-03 attempt 1: declined',
      '2026-02-04 attempt 2: declined',
      '2026-02-05 attempt 3: declined',
      '2026-02-06 attempt 4: declined',
      '2026-02-07 attempt 5: declined',
      '2026-02-08 attempt 6: declined',
    ]);
    expect(customer.payment.status).toBe('exhausted');
    expect(customer.state('s')).toBe('payment_exhausted');
    expect(customer.dueAt).toBeNull();
  });

  test.each([
    ['on the billing date', 1],
    ['on the first day of grace', 2],
    ['on the last day of grace', 6],
  ])('success %s pays, and the next billing date stays where it was', (_, paidAttempt) => {
    const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
    customer.runsUntil('2026-03-03', (attempt) =>
      attempt.number >= paidAttempt ? succeeded : declined(),
    );
    expect(
      customer.account.payments.map(({ status, billingDate }) => [billingDate, status]),
    ).toEqual([
      ['2026-02-03', 'succeeded'],
      ['2026-03-03', paidAttempt === 1 ? 'succeeded' : 'retrying'],
    ]);
    expect(customer.account.payments[0]?.attempts).toHaveLength(paidAttempt);
    expect(customer.state('s')).toBe('live');
  });

  test.each([
    ['a decline known on F+4', '2026-02-07T23:59:59.999Z', 'retrying'],
    ['a decline known on F+5', '2026-02-08T00:00:00.000Z', 'exhausted'],
    ['a decline known on F+6', '2026-02-09T12:00:00.000Z', 'exhausted'],
  ])('%s of an attempt that was unresolved until then', (_, when, status) => {
    const customer = due().hears(pending).on(when);
    expect(customer.hears(declined(), { by: 'webhook' }).payment.status).toBe(status);
  });

  test('F is the local date of the first attempt that reached the provider, not the billing date', () => {
    const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
    // The provider cannot be reached for three days: no day of grace is used up.
    customer.runsUntil('2026-02-06T05:59:00.000Z', () => ({
      outcome: 'not_sent',
      detail: 'refused',
      waitMs: null,
      arrived: false,
    }));
    expect(customer.payment.firstReachedOn).toBeNull();
    customer.runsUntil('2026-02-11T05:00:00.000Z', () => declined());
    expect(customer.payment.firstReachedOn).toBe('2026-02-06');
    expect(customer.payment.status).toBe('retrying');
    customer.runsUntil('2026-02-11T07:00:00.000Z', () => declined());
    expect(customer.payment.status).toBe('exhausted');
    expect(customer.payment.attempts.filter(({ status }) => status === 'declined')).toHaveLength(6);
  });

  test('the attempt of a day without the provider carries on the next day', () => {
    const customer = due().declined();
    customer.runsUntil('2026-02-05T10:00:00.000Z', () => ({
      outcome: 'not_sent',
      detail: 'refused',
      waitMs: null,
      arrived: false,
    }));
    expect(customer.payment.attempts).toHaveLength(2);
    expect(customer.payment.status).toBe('retrying');
    expect(customer.payment.attempts[1]).toMatchObject({ number: 2, status: 'not_sent' });
  });

  test.each(['pending', 'unknown'] as const)(
    'never terminates while an attempt is %s',
    (outcome) => {
      const customer = due();
      const answer = outcome === 'pending' ? pending : unknown;
      customer.hears(answer).runsUntil('2026-02-20', () => answer);
      expect(customer.payment.status).toBe('processing');
      expect(customer.payment.attempts).toHaveLength(1);
      expect(customer.state('s')).toBe('live');
    },
  );

  test.each([
    'insufficient_funds',
    'card_expired',
    'do_not_honor',
    'suspected_fraud',
    'processing_error',
    'unknown',
  ] as const)('a decline for %s is tried again on the next local day at charge time', (reason) => {
    const customer = due().declined(reason);
    expect(customer.payment).toMatchObject({
      status: 'retrying',
      nextAttemptAt: '2026-02-04T06:00:00.000Z',
    });
  });

  test('a reason that is listed as not worth it ends the subscription with its first decline', () => {
    const customer = new OneCustomer({ nonRetryable: ['suspected_fraud'] })
      .buys('s', { on: '2026-01-03' })
      .runsOn('2026-02-03')
      .declined('suspected_fraud');
    expect(customer.payment.status).toBe('exhausted');
    expect(customer.state('s')).toBe('payment_exhausted');
  });

  test('exhausted: every subscription in the payment ends, the customer’s others live on', () => {
    const customer = new OneCustomer()
      .buys('a', { on: '2026-01-03' })
      .buys('b', { on: '2026-01-03' })
      .buys('c', { on: '2026-01-20' });
    customer.runsUntil('2026-02-10', () => declined());
    expect(['a', 'b', 'c'].map((id) => customer.state(id))).toEqual([
      'payment_exhausted',
      'payment_exhausted',
      'live',
    ]);
  });

  test('charge time follows the clocks of the zone: an attempt a local day over the change', () => {
    const customer = new OneCustomer().buys('s', { on: '2026-02-28' });
    customer.runsUntil('2026-04-05', () => declined());
    expect(customer.payment.attempts.map(({ startedAt }) => startedAt)).toEqual([
      '2026-03-28T06:00:00.000Z',
      '2026-03-29T05:00:00.000Z',
      '2026-03-30T05:00:00.000Z',
      '2026-03-31T05:00:00.000Z',
      '2026-04-01T05:00:00.000Z',
      '2026-04-02T05:00:00.000Z',
    ]);
  });

  test('an attempt that spans midnight gets its next try the day after the decline is known', () => {
    const customer = due().hears(pending).on('2026-02-04T00:10:00.000Z');
    customer.hears(declined(), { by: 'webhook' });
    expect(customer.payment.nextAttemptAt).toBe('2026-02-05T06:00:00.000Z');
  });

  describe('a success after termination', () => {
    const terminated = () => {
      const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
      return customer.runsUntil('2026-02-09', () => declined());
    };

    test('is money received, revives nothing, and an operator is told', () => {
      const customer = terminated().paid('webhook');
      expect(customer.payment).toMatchObject({ status: 'succeeded', items: [{ status: 'paid' }] });
      expect(customer.state('s')).toBe('payment_exhausted');
      expect(customer.discrepancies).toEqual(['late_success']);
      expect(customer.dueAt).toBeNull();
    });

    test('told twice, it is one discrepancy', () => {
      const customer = terminated().paid('webhook').paid('enquiry');
      expect(customer.discrepancies).toEqual(['late_success']);
    });
  });
});
