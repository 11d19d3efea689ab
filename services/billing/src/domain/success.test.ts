import {
  declined,
  notSent,
  OneCustomer,
  type Purchase,
  pending,
  succeeded,
} from '../../test/one-customer';
import { hears } from '../../test/refunds';
import type { RefundEvidence } from './evidence';

const BEFORE = '2026-02-03T05:59:59.999Z';
const AT = '2026-02-03T06:00:00.000Z';

const due = (other?: Purchase) => {
  const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
  return (other ? customer.buys('t', other) : customer).runsOn('2026-02-03');
};
const together = () => due({ on: '2026-01-03', amountMinor: 700 });

type Telling = (customer: OneCustomer, acceptedAt: string) => OneCustomer;
const scheduled: Telling = (customer, acceptedAt) =>
  customer.asksToEnd('s', '2026-02-03', 2, acceptedAt);
const atOnce: Telling = (customer, acceptedAt) =>
  customer.endsNow('s', 'customer_request', acceptedAt);
const erased: Telling = (customer, acceptedAt) =>
  customer.endsNow('s', 'customer_erased', acceptedAt);

const tellings: [string, Telling][] = [
  ['a cancellation at the date', scheduled],
  ['a cancellation now', atOnce],
  ['an erasure', erased],
];

describe.each(tellings)('When %s crosses a charge', (_, tells) => {
  test('that has been paid: the item is refunded by itself, once, and shown', () => {
    const customer = tells(together().paid(), BEFORE);
    expect(customer.moneyBack).toEqual(['automatic 1000 service_not_provided for s']);
    expect(customer.discrepancies).toEqual(['charged_after_cancellation']);
    tells(customer, BEFORE).paid('webhook').asksToEnd('s', '2026-02-03', 9, BEFORE);
    expect(customer.moneyBack).toHaveLength(1);
    expect(customer.charges).toEqual(['2026-02-03 s1 t1 1700 GBP succeeded']);
  });

  test('that is in flight: refunded when it succeeds', () => {
    const customer = tells(together().hears(pending), BEFORE);
    expect(customer.moneyBack).toEqual([]);
    expect(customer.paid('webhook').moneyBack).toEqual([
      'automatic 1000 service_not_provided for s',
    ]);
    expect(customer.paid('enquiry').moneyBack).toHaveLength(1);
  });

  test('that is in flight: dropped when it is declined, and the rest goes on', () => {
    const customer = tells(together(), BEFORE).declined().runsOn('2026-02-04').paid();
    expect(customer.charges).toEqual(['2026-02-03 t1 700 GBP succeeded']);
    expect(customer.moneyBack).toEqual([]);
  });

  test.each([
    ['declined', declined()],
    ['not sent', notSent],
  ])('that was %s: dropped, not refunded', (__, answer) => {
    const customer = tells(due().hears(answer), BEFORE);
    expect(customer.payment.status).toBe('abandoned');
    expect(customer.moneyBack).toEqual([]);
  });

  test('that was declined, and succeeded after all: refunded', () => {
    const customer = tells(due().declined(), BEFORE).paid('webhook');
    expect(customer.moneyBack).toEqual(['automatic 1000 service_not_provided for s']);
  });

  test('that an operator has refunded already: nothing is left to send back', () => {
    const customer = together().paid().refundsItems(['s', 1000]);
    expect(tells(customer, BEFORE).moneyBack).toEqual([
      'operator 1000 requested_by_customer for s',
    ]);
    expect(customer.discrepancies).toEqual([]);
  });

  // Simulation, seed 422.
  test.each<[string, RefundEvidence]>([
    ['fails', { outcome: 'failed', providerReference: null }],
    ['is refused', { outcome: 'refused', detail: 'answered 422' }],
  ])('that an operator has refunded, which %s: refunded by itself, once', (__, evidence) => {
    const customer = tells(together().paid().refundsItems(['s', 1000]), BEFORE).runs();
    hears(customer, evidence);
    expect(customer.moneyBack[1]).toBe('automatic 1000 service_not_provided for s');
    expect(customer.discrepancies).toContain('charged_after_cancellation');
    hears(customer.runs(), evidence);
    expect(customer.moneyBack).toHaveLength(2);
  });

  test('that an operator has refunded in part: the rest of the item', () => {
    const customer = together().paid().refundsItems(['s', 400]);
    expect(tells(customer, BEFORE).moneyBack[1]).toBe('automatic 600 service_not_provided for s');
  });

  test('accepted at charge time: the charge stands', () => {
    const customer = tells(due().paid(), AT);
    expect(customer.moneyBack).toEqual([]);
    expect(customer.discrepancies).toEqual([]);
  });

  test.each([BEFORE, AT])('accepted at %s: the subscription is over at once', (acceptedAt) => {
    const customer = tells(due().paid(), acceptedAt);
    expect(customer.state('s')).not.toBe('live');
    expect(customer.runsOn('2026-03-03').charges).toHaveLength(1);
  });

  test('of a later date: the dates before it stand', () => {
    const customer = due().paid().runsOn('2026-03-03').paid();
    tells(customer, '2026-03-03T05:59:59.999Z');
    const refunded = customer.account.refunds.map(({ paymentId }) => paymentId);
    expect(refunded).toEqual([customer.payment.id]);
  });
});

// Simulation, seeds 175 and 184.
describe('When a wish before the charge is told after a later one has ended all', () => {
  const ended = () => due().paid().endsNow('s', 'customer_request', '2026-02-03T06:58:00.000Z');

  test('the charge is refunded by itself, once', () => {
    const customer = scheduled(ended(), BEFORE);
    expect(customer.moneyBack).toEqual(['automatic 1000 service_not_provided for s']);
    expect(customer.discrepancies).toEqual(['charged_after_cancellation']);
    expect(scheduled(customer, BEFORE).moneyBack).toHaveLength(1);
    expect(customer.state('s')).toBe('customer_request');
  });

  test.each<[string, (customer: OneCustomer) => OneCustomer]>([
    ['of a wish at charge time', (customer) => scheduled(customer, AT)],
    ['that it was taken back', (customer) => customer.takesBack('s')],
    ['of one that was taken back', (customer) => scheduled(customer.takesBack('s', 3), BEFORE)],
  ])('word %s changes nothing', (__, tells) => {
    expect(tells(ended()).moneyBack).toEqual([]);
  });
});

describe('When an item was dropped from a payment, and an attempt succeeds after all', () => {
  const dropped = () => together().declined().later(1000).endsNow('s').runsOn('2026-02-04');

  test('the one made before: all that it took is recorded as paid', () => {
    const customer = dropped().declined();
    const [first] = customer.payment.attempts;
    if (!first) throw new Error('no first attempt');
    customer.hears(succeeded, { attempt: first, by: 'webhook' });
    expect(customer.charges).toEqual(['2026-02-03 s1 t1 1700 GBP succeeded']);
    expect(customer.discrepancies).toEqual(['contradicting_outcome']);
  });

  test('the one made after it: the item stays dropped', () => {
    const customer = dropped().declined().paid('webhook');
    expect(customer.charges).toEqual(['2026-02-03 t1 700 GBP succeeded']);
  });

  test('one between: what was dropped before it stays dropped, what was dropped after it is paid', () => {
    const customer = new OneCustomer()
      .buys('s', { on: '2026-01-03' })
      .buys('t', { on: '2026-01-03', amountMinor: 700 })
      .buys('u', { on: '2026-01-03', amountMinor: 300 });
    customer.runsOn('2026-02-03').declined().later(1000).endsNow('t');
    customer.runsOn('2026-02-04').declined().later(1000).endsNow('u');
    const attempt = customer.lastAttempt;
    customer.runsOn('2026-02-05').hears(succeeded, { attempt, by: 'webhook' });
    expect(customer.charges).toEqual(['2026-02-03 s1 u1 1300 GBP succeeded']);
  });

  test('one that was made before attempts said what they ask for: what was not dropped, else all', () => {
    const unsaid = (customer: OneCustomer) =>
      customer.decide((account) => ({
        ...account,
        payments: account.payments.map((payment) => ({
          ...payment,
          attempts: payment.attempts.map((attempt) => ({ ...attempt, items: null })),
        })),
      }));
    expect(unsaid(dropped()).paid().charges).toEqual(['2026-02-03 t1 700 GBP succeeded']);
    const ended = together().runsUntil('2026-02-10', () => declined());
    expect(unsaid(ended).paid('webhook').charges).toEqual(['2026-02-03 s1 t1 1700 GBP succeeded']);
  });

  test('the last one, after termination: the item stays dropped', () => {
    const customer = dropped();
    customer.declined().runsUntil('2026-02-10', () => declined());
    expect(customer.paid('webhook').charges).toEqual(['2026-02-03 t1 700 GBP succeeded']);
    expect(customer.discrepancies).toEqual(['late_success']);
  });
});
