import { declined, OneCustomer, succeeded, unknown } from '../../test/one-customer';

const due = () => new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03');
const taken = (amountMinor: number, currency = 'GBP') => ({
  ...({ outcome: 'succeeded', providerReference: 'pay_1' } as const),
  amount: { amountMinor, currency },
});
const sources = ['response', 'webhook', 'enquiry', 'reconciliation'] as const;
const detailsOf = ({ account }: OneCustomer) =>
  account.discrepancies.map(({ kind, about, details }) => ({ kind, about, details }));

describe('A success that names an amount', () => {
  test.each(sources)('the one that was asked for, by %s: all is well', (by) => {
    const customer = due().hears(taken(1000), { by });
    expect(customer.discrepancies).toEqual([]);
    expect(customer.lastAttempt.capturedMinor).toBeNull();
  });

  test.each(
    sources.flatMap((by) => [
      [by, 'less', taken(999), 'amount_differs'] as const,
      [by, 'more', taken(1001), 'amount_differs'] as const,
      [by, 'the same in another currency', taken(1000, 'EUR'), 'currency_differs'] as const,
      [by, 'more in another currency', taken(1001, 'EUR'), 'currency_differs'] as const,
    ]),
  )('by %s, %s: the cycle is paid, and both are shown', (by, _, evidence, kind) => {
    const customer = due().hears(evidence, { by });
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
    const { reference, id: about } = customer.lastAttempt;
    const { amountMinor: providerAmountMinor, currency: providerCurrency } = evidence.amount;
    const asked = { amountMinor: 1000, currency: 'GBP' };
    const details = { attempt: 1, reference, ...asked, providerAmountMinor, providerCurrency };
    expect(detailsOf(customer)).toEqual([{ kind, about, details }]);
  });

  test.each([
    ['first without, then with another', [succeeded, taken(900)], 1, 900],
    ['another, told twice', [taken(900), taken(900)], 2, 900],
    ['another, then the right one', [taken(900), taken(1000)], 1, 900],
    ['the right one, then another', [taken(1000), taken(1100)], 1, 1100],
    ['two others', [taken(900), taken(800)], 2, 900],
    ['another currency after all', [succeeded, taken(900, 'EUR')], 1, null],
  ])('%s: about the attempt, once', (_, told, times, capturedMinor) => {
    const customer = due();
    for (const evidence of told) customer.hears(evidence, { by: 'webhook' });
    // One and the same to the store, which keeps the first.
    const abouts = customer.account.discrepancies.map(({ kind, about }) => `${kind} ${about}`);
    expect([abouts.length, new Set(abouts).size]).toEqual([times, 1]);
    expect(customer.lastAttempt.capturedMinor).toBe(capturedMinor);
    expect(customer.payment.status).toBe('succeeded');
  });
});

describe('Of what was taken', () => {
  test.each([
    ['less', 900, 900, 901],
    ['more', 1100, 1100, 1101],
  ])('%s than was asked for, as much can go back and not a penny more', (_, minor, all, above) => {
    const customer = due().hears(taken(minor));
    const excess = { form: 'amount', amountMinor: above } as const;
    expect(() => customer.refunds(excess)).toThrow('exceeds-payment');
    customer.refunds({ form: 'all' });
    expect(customer.account.refunds).toMatchObject([{ amount: { amountMinor: all } }]);
  });

  test('what has gone back already is never more, whatever is told afterwards', () => {
    const customer = due().paid().refunds({ form: 'all' }).hears(taken(900), { by: 'webhook' });
    expect(customer.lastAttempt.capturedMinor).toBeNull();
    expect(customer.discrepancies).toEqual(['amount_differs']);
  });

  test('a second time, all goes straight back', () => {
    const customer = due().hears(unknown).declined().runsOn('2026-02-04').paid();
    const attempt = customer.payment.attempts[0];
    if (!attempt) throw new Error('no first attempt');
    customer.hears(taken(1100), { by: 'webhook', attempt });
    expect(customer.moneyBack).toEqual(['automatic 1100 duplicate for the payment']);
    expect(customer.discrepancies).toEqual(['duplicate_charge', 'amount_differs']);
  });

  test.each([
    ['after a decline', () => due().declined(), 'contradicting_outcome'],
    ['after termination', () => due().runsUntil('2026-02-10', () => declined()), 'late_success'],
  ])('%s, both are shown', (_, before, kind) => {
    const customer = before().hears(taken(900), { by: 'webhook' });
    expect(customer.discrepancies).toEqual([kind, 'amount_differs']);
  });
});
