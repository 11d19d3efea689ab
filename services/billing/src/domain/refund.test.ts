import { declined, MINUTE_MS, OneCustomer, succeeded } from '../../test/one-customer';
import { done, hears, minors, paid, refundCalls, told } from '../../test/refunds';
import type { RefundEvidence } from './evidence';

describe('A refund of ours', () => {
  const asked = () => paid().refunds({ form: 'all' }).runs();

  test('is sent once, with a reference of its own, and told when the money is on its way', () => {
    const customer = asked().runs();
    expect(
      refundCalls(customer).map(({ kind, paymentReference }) => [kind, paymentReference]),
    ).toEqual([['refund', 'pay_1']]);
    expect(customer.toldTypes()).not.toContain('billing.payment-refunded.v1');
    expect(hears(customer, done).toldTypes()).toContain('billing.payment-refunded.v1');
    expect(customer.account.refunds).toMatchObject([{ status: 'succeeded', nextActionAt: null }]);
  });

  test('its webhook is not a second one, before the answer and after', () => {
    const customer = hears(hears(asked(), done), done);
    expect(minors(customer)).toEqual([1700]);
    expect(
      customer.toldTypes().filter((type) => type === 'billing.payment-refunded.v1'),
    ).toHaveLength(1);
  });

  test('listed by the provider without our reference, it is still the same', () => {
    const customer = told(hears(asked(), done), 1700, { providerReference: 're_own' });
    expect(minors(customer)).toEqual([1700]);
    expect(customer.discrepancies).toEqual([]);
  });

  test.each<[string, RefundEvidence, number, string]>([
    ['unknown: asked about', { outcome: 'unknown', detail: 'timeout' }, 30_000, 'enquire-refund'],
    [
      'pending: asked about later',
      { outcome: 'pending', providerReference: null },
      10 * MINUTE_MS,
      'enquire-refund',
    ],
    [
      'not sent: sent again',
      { outcome: 'not_sent', detail: '503', waitMs: null, arrived: true },
      30_000,
      'refund',
    ],
    [
      'not sent, and no send arrived: sent again',
      { outcome: 'not_sent', detail: 'refused', waitMs: 90_000, arrived: false },
      90_000,
      'refund',
    ],
  ])('%s, with the same request', (_, evidence, ms, kind) => {
    const customer = hears(asked(), evidence);
    expect(Date.parse(customer.dueAt ?? '') - Date.parse(customer.now)).toBe(ms);
    const [first, second] = refundCalls(customer.later(ms).runs());
    expect(second?.kind).toBe(kind);
    expect(second?.refund.request).toEqual(first?.refund.request);
  });

  test('refused by the provider: it failed, and is shown', () => {
    const customer = hears(asked(), { outcome: 'refused', detail: 'answered 422' });
    expect(customer.account.refunds).toMatchObject([{ status: 'failed', nextActionAt: null }]);
    expect(customer.discrepancies).toEqual(['provider_refused']);
  });

  test('is found by its money, told by the provider without our reference', () => {
    const pending: RefundEvidence = { outcome: 'pending', providerReference: 're_own' };
    const customer = told(hears(asked(), pending), 1700, { providerReference: 're_own' });
    expect(customer.account.refunds).toMatchObject([{ origin: 'operator', status: 'succeeded' }]);
    expect(customer.discrepancies).toEqual([]);
  });
});

describe('A refund changes money only', () => {
  const refunded: [string, (customer: OneCustomer) => OneCustomer][] = [
    ['from the dashboard', (customer) => told(customer, null)],
    ['by an operator', (customer) => hears(customer.refunds({ form: 'all' }).runs(), done)],
  ];

  test.each(refunded)(
    '%s: not the subscription, its dates, or whether the cycle is owed',
    (_, refund) => {
      const before = paid();
      const after = refund(paid());
      expect(after.account.schedules).toEqual(before.account.schedules);
      expect(after.account.payments).toEqual(before.account.payments);
      expect(after.dueAt).toBe(before.dueAt);
      after.runsUntil('2026-03-03', () => succeeded);
      expect(after.charges).toEqual([
        '2026-02-03 s1 t1 1700 GBP succeeded',
        '2026-03-03 s2 t2 1700 GBP succeeded',
      ]);
    },
  );

  test('nor does it revive what was terminated', () => {
    const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
    customer
      .runsUntil('2026-02-09', () => declined())
      .paid('webhook')
      .refunds({ form: 'all' });
    expect(hears(customer.runs(), done).state('s')).toBe('payment_exhausted');
    expect(customer.dueAt).toBeNull();
  });
});
