import { OneCustomer } from '../../test/one-customer';
import { hears, minors, paid, refundCalls, told } from '../../test/refunds';

const pounds = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

describe('A refund that the provider tells of', () => {
  test.each([
    ['without an amount: all', [null], [1700], []],
    ['of a part', [500], [500], []],
    ['of all, to the last penny', [1700], [1700], []],
    ['a penny more than was captured: refused and shown', [1701], [], ['refund_exceeds_payment']],
    ['in parts, as far as it goes', [1000, 700], [1000, 700], []],
    ['in parts, without an amount: what is left', [500, null], [500, 1200], []],
    [
      'in parts, a penny too much: refused and shown',
      [1000, 701],
      [1000],
      ['refund_exceeds_payment'],
    ],
    ['when nothing is left: refused and shown', [null, null], [1700], ['refund_exceeds_payment']],
    ['of nothing: refused and shown', [0], [], ['refund_exceeds_payment']],
  ])('%s', (_, amounts, recorded, shown) => {
    const customer = paid();
    for (const amount of amounts) told(customer, amount);
    expect(minors(customer)).toEqual(recorded);
    expect(customer.discrepancies).toEqual(shown);
    expect(
      customer.toldTypes().filter((type) => type === 'billing.payment-refunded.v1'),
    ).toHaveLength(recorded.length);
  });

  test.each([
    ['told twice, is one', { providerReference: 're_0', amount: pounds(500) }, [500], []],
    [
      'told twice, once without its amount, is one',
      { providerReference: 're_0', amount: null },
      [500],
      [],
    ],
    [
      'told twice, with another amount, is one, and both are shown',
      { providerReference: 're_0' },
      [500],
      ['refund_differs'],
    ],
    [
      'told to have failed after all, stays, and is shown',
      { providerReference: 're_0', outcome: 'failure' },
      [500],
      ['refund_differs'],
    ],
    ['that failed, changes nothing', { outcome: 'failure' }, [500], []],
    [
      'in another currency, is refused and shown',
      { amount: { amountMinor: 100, currency: 'EUR' } },
      [500],
      ['refund_exceeds_payment'],
    ],
  ] as const)('%s', (_, more, recorded, shown) => {
    const customer = told(told(paid(), 500), 100, more);
    expect(minors(customer)).toEqual(recorded);
    expect(customer.discrepancies).toEqual(shown);
  });

  test('names what was paid, not what had been dropped before', () => {
    const customer = new OneCustomer()
      .buys('s', { on: '2026-01-03' })
      .buys('t', { on: '2026-01-03' })
      .buys('u', { on: '2026-01-03' })
      .runsOn('2026-02-03')
      .declined()
      .later(1000)
      .endsNow('t')
      .runsOn('2026-02-04')
      .paid();
    expect(told(customer, 500).told.at(-1)).toMatchObject({
      type: 'billing.payment-refunded.v1',
      data: { productNames: ['Balm', 'Balm'] },
    });
  });

  test('keeps the provider’s own words and asks nothing of it', () => {
    const customer = told(paid(), 500, { reason: 'unknown', rawReason: 'goodwill' });
    expect(customer.account.refunds).toMatchObject([
      {
        origin: 'provider',
        status: 'succeeded',
        reason: 'unknown',
        rawReason: 'goodwill',
        request: null,
      },
    ]);
    expect(refundCalls(customer.runs())).toEqual([]);
  });

  test.each([
    ['all of it is of all items', null, ['s', 't']],
    ['a part could be of either', 700, undefined],
  ])('%s', (_, amount, items) => {
    const [refund] = told(paid(), amount).account.refunds;
    expect(refund?.items?.map(({ subscriptionId }) => subscriptionId)).toEqual(items);
  });
});

describe('A refund that an operator starts', () => {
  test('in whole: all that is left', () => {
    expect(paid().refunds({ form: 'all' }).moneyBack).toEqual([
      'operator 1700 requested_by_customer for s t',
    ]);
    expect(minors(told(paid(), 500).refunds({ form: 'all' }))).toEqual([500, 1200]);
  });

  test('per item', () => {
    expect(paid().refundsItems(['t', 700]).moneyBack).toEqual([
      'operator 700 requested_by_customer for t',
    ]);
    expect(paid().refundsItems(['t', 200], ['s', 300]).moneyBack).toEqual([
      'operator 500 requested_by_customer for t s',
    ]);
  });

  const all = { form: 'all' } as const;
  const amount = (amountMinor: number) => ({ form: 'amount', amountMinor }) as const;
  const item = (subscriptionId: string, amountMinor: number) =>
    ({ form: 'items', items: [{ subscriptionId, amountMinor }] }) as const;
  const twice = {
    form: 'items',
    items: [...item('t', 400).items, ...item('t', 301).items],
  } as const;

  test.each([
    ['more than was captured', [], amount(1701), 'exceeds-payment'],
    ['more than is left', [amount(1000)], amount(701), 'exceeds-payment'],
    ['when nothing is left', [all], all, 'nothing-left'],
    ['more than its item', [], item('t', 701), 'exceeds-payment'],
    ['more than its item, in two parts', [], twice, 'exceeds-payment'],
    ['more than is left of its item', [item('t', 500)], item('t', 201), 'exceeds-payment'],
    ['of an item that the payment did not cover', [], item('u', 1), 'unknown-item'],
  ])('is refused: %s', (_, before, wish, why) => {
    const customer = paid();
    for (const earlier of before) customer.refunds(earlier);
    expect(() => customer.refunds(wish)).toThrow(why);
    expect(customer.account.refunds).toHaveLength(before.length);
  });

  test.each([
    ['is in flight', new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03')],
    [
      'was declined',
      new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03').declined(),
    ],
  ])('is refused while the payment %s', (_, customer) => {
    expect(() => customer.refunds(all)).toThrow('nothing-left');
  });

  test('of a dropped item is refused', () => {
    const customer = new OneCustomer()
      .buys('s', { on: '2026-01-03' })
      .buys('t', { on: '2026-01-03' });
    customer.runsOn('2026-02-03').declined().endsNow('t').runsOn('2026-02-04').paid();
    expect(() => customer.refunds(item('t', 100))).toThrow('unknown-item');
  });

  test('one under way counts against what is left; one that failed does not', () => {
    const customer = paid().refunds(amount(1700)).runs();
    told(customer, 1);
    expect(customer.discrepancies).toEqual(['refund_exceeds_payment']);
    hears(customer, { outcome: 'failed', providerReference: null });
    expect(minors(customer.refundsItems(['s', 1000], ['t', 700]))).toEqual([1700, 1700]);
  });
});
