import {
  declined,
  HOUR_MS,
  MINUTE_MS,
  notFound,
  notSent,
  OneCustomer,
  pending,
  refused,
  succeeded,
  unknown,
} from '../../test/one-customer';

const due = () => new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03');

describe('What an attempt can end as', () => {
  test.each(['response', 'webhook', 'enquiry', 'reconciliation'] as const)(
    'succeeded, by %s: the cycle is paid',
    (by) => {
      const customer = due().hears(succeeded, { by });
      expect(customer.payment).toMatchObject({
        status: 'succeeded',
        items: [{ cycle: 1, status: 'paid' }],
        attempts: [{ status: 'succeeded', settledBy: by, providerReference: 'pay_1' }],
      });
      expect(customer.toldTypes()).toContain('billing.payment-succeeded.v1');
    },
  );

  test.each(['response', 'webhook', 'enquiry', 'reconciliation'] as const)(
    'declined, by %s: dunning',
    (by) => {
      const customer = due().hears(declined('do_not_honor'), { by });
      expect(customer.payment).toMatchObject({
        status: 'retrying',
        attempts: [{ status: 'declined', reason: 'do_not_honor', settledBy: by }],
      });
      expect(customer.toldTypes()).toContain('billing.payment-declined.v1');
    },
  );

  test('pending: waits for the webhook, enquires after 10 minutes, 1 hour, 6 hours, every 6 hours', () => {
    const customer = due().hears(pending);
    expect(waitsOf(customer, pending, 5)).toEqual([
      10 * MINUTE_MS,
      HOUR_MS,
      6 * HOUR_MS,
      6 * HOUR_MS,
      6 * HOUR_MS,
    ]);
    expect(customer.payment.attempts).toHaveLength(1);
  });

  test('unknown: enquires after 30 s, 2 m, 10 m, 1 h, 6 h, then every 6 h, each after the one before', () => {
    const customer = due().hears(unknown);
    expect(waitsOf(customer, unknown, 7)).toEqual([
      30_000,
      2 * MINUTE_MS,
      10 * MINUTE_MS,
      HOUR_MS,
      6 * HOUR_MS,
      6 * HOUR_MS,
      6 * HOUR_MS,
    ]);
  });

  test('unknown never counts as failed and never gets a new key', () => {
    const customer = due().hears(unknown);
    const { idempotencyKey, body } = customer.lastAttempt;
    customer.runsUntil('2026-02-10', () => unknown);
    expect(customer.payment.attempts).toMatchObject([{ idempotencyKey, body, status: 'unknown' }]);
    expect(customer.payment.status).toBe('processing');
    expect(customer.calls.filter(({ kind }) => kind === 'charge')).toHaveLength(1);
  });

  test.each([
    ['just before a day is over', 24 * HOUR_MS - 1, []],
    ['after a day', 24 * HOUR_MS, ['unknown_outcome']],
  ])('an operator is told of an unknown outcome %s', (_, ms, told) => {
    const customer = due().hears(unknown).later(ms);
    expect(customer.hears(unknown, { by: 'enquiry' }).discrepancies).toEqual(told);
  });

  test('not sent: again with the same key and body, with growing delays, and no day is used up', () => {
    const customer = due();
    const { idempotencyKey, body } = customer.lastAttempt;
    expect(waitsOf(customer.hears(notSent), notSent, 6)).toEqual([
      30_000,
      2 * MINUTE_MS,
      10 * MINUTE_MS,
      30 * MINUTE_MS,
      HOUR_MS,
      HOUR_MS,
    ]);
    expect(customer.payment.attempts).toMatchObject([{ idempotencyKey, body, status: 'not_sent' }]);
    expect(customer.payment).toMatchObject({ status: 'scheduled', firstReachedOn: null });
  });

  test('not sent: a provider that asks for more time is given it', () => {
    const customer = due().hears({
      outcome: 'not_sent',
      detail: '429',
      waitMs: 90_000,
      arrived: true,
    });
    expect(customer.dueAt).toBe('2026-02-03T06:01:30.000Z');
  });

  test.each([
    ['within the lag after the longest call says nothing', 89_999, 'unknown', 1],
    ['past the lag: sent again with the same key', 90_000, 'created', 1],
  ])('an enquiry that finds nothing %s', (_, ms, status, attempts) => {
    const customer = due().hears(unknown).later(ms).runs();
    const key = customer.lastAttempt.idempotencyKey;
    customer.hears(notFound, { by: 'enquiry' }).runs();
    expect(customer.payment.attempts).toHaveLength(attempts);
    expect(customer.lastAttempt).toMatchObject({ status, idempotencyKey: key });
  });

  test('a pending charge that an enquiry does not find stays pending', () => {
    const customer = due().hears(pending).later(HOUR_MS).runs().hears(notFound, { by: 'enquiry' });
    expect(customer.lastAttempt.status).toBe('pending');
  });

  test('refused: our own mistake is shown and asked about, never taken for a decline', () => {
    const customer = due().hears(refused);
    expect(customer.lastAttempt.status).toBe('unknown');
    expect(customer.discrepancies).toEqual(['provider_refused']);
  });

  describe('after the life of the key', () => {
    test('only enquired about; found nowhere it ends as not sent, and a new key waits for the next slot', () => {
      const customer = due().hears(unknown);
      const first = customer.lastAttempt.idempotencyKey;
      customer.runsUntil('2026-02-04T07:00:00.000Z', () => unknown);
      customer
        .later(6 * HOUR_MS)
        .runs()
        .hears(notFound, { by: 'enquiry' })
        .runs();
      expect(customer.lastAttempt).toMatchObject({ status: 'not_sent', nextActionAt: null });
      expect(customer.payment.nextAttemptAt).toBe('2026-02-05T06:00:00.000Z');
      customer.runsOn('2026-02-05');
      expect(customer.payment.attempts).toHaveLength(2);
      expect(customer.lastAttempt.idempotencyKey).not.toBe(first);
    });

    test('a key that never arrived does not age', () => {
      const customer = due().hears(notSent);
      customer.runsUntil('2026-02-06T12:00:00.000Z', () => notSent);
      expect(customer.payment.attempts).toHaveLength(1);
      expect(customer.calls.length).toBeGreaterThan(24);
    });
  });

  describe('in any order, twice, or not at all', () => {
    const orders = [
      ['the webhook before the answer', ['webhook', 'response']],
      ['the answer before the webhook', ['response', 'webhook']],
      ['the webhook three times', ['webhook', 'webhook', 'webhook']],
      ['an enquiry between', ['response', 'enquiry', 'webhook']],
    ] as const;

    test.each(orders)('success: %s', (_, ways) => {
      const customer = due();
      for (const by of ways) customer.hears(succeeded, { by });
      expect(customer.payment.attempts).toMatchObject([
        { status: 'succeeded', settledBy: ways[0] },
      ]);
      expect(customer.toldTypes()).toEqual(['billing.payment-succeeded.v1']);
      expect(customer.discrepancies).toEqual([]);
    });

    test.each(orders)('decline: %s', (_, ways) => {
      const customer = due();
      for (const by of ways) customer.hears(declined(), { by });
      expect(customer.payment.attempts).toMatchObject([{ status: 'declined', settledBy: ways[0] }]);
      expect(customer.toldTypes()).toEqual(['billing.payment-declined.v1']);
    });

    test.each([pending, unknown, notSent, notFound, refused])(
      'nothing changes a final outcome: $outcome',
      (evidence) => {
        const customer = due().paid();
        const before = customer.account;
        customer.hears(evidence, { by: 'webhook' });
        expect(customer.account).toEqual(before);
      },
    );
  });

  test('a decline after success changes nothing and is shown', () => {
    const customer = due().paid().declined('do_not_honor', 'webhook');
    expect(customer.payment.status).toBe('succeeded');
    expect(customer.discrepancies).toEqual(['contradicting_outcome']);
  });

  test('a success after a decline: the money is there, no further attempt, and it is shown', () => {
    const customer = due().declined().paid('webhook');
    expect(customer.payment).toMatchObject({ status: 'succeeded', nextAttemptAt: null });
    expect(customer.discrepancies).toEqual(['contradicting_outcome']);
    customer.runsOn('2026-02-04');
    expect(customer.payment.attempts).toHaveLength(1);
  });

  test('a second capture is refunded by itself, and shown', () => {
    const customer = due().declined().runsOn('2026-02-04').paid();
    const first = customer.payment.attempts[0];
    if (!first) throw new Error('no first attempt');
    customer.hears(
      { outcome: 'succeeded', providerReference: 'pay_0' },
      { by: 'webhook', attempt: first },
    );
    expect(customer.discrepancies).toEqual(['duplicate_charge']);
    expect(customer.account.refunds).toMatchObject([
      {
        origin: 'automatic',
        reason: 'duplicate',
        amount: { amountMinor: 1000 },
        attemptId: first.id,
      },
    ]);
    expect(
      customer.toldTypes().filter((type) => type === 'billing.payment-succeeded.v1'),
    ).toHaveLength(1);
  });
});

/** Runs at every instant that falls due, answers, and measures the time between. */
function waitsOf(customer: OneCustomer, answer: typeof unknown, times: number): number[] {
  return Array.from({ length: times }, () => {
    const start = Date.parse(customer.now);
    const next = customer.dueAt;
    if (!next) throw new Error('nothing is due');
    const known = customer.calls.length;
    customer.on(next).runs();
    const call = customer.calls[known];
    if (!call) throw new Error('nothing was asked');
    customer.hears(answer, { by: call.kind === 'charge' ? 'response' : 'enquiry' });
    return Date.parse(next) - start;
  });
}
