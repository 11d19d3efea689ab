import { type Json, openShop, type Shop } from './test/shop';

const reason = 'requested_by_customer';

async function paid(): Promise<[Shop, Json, string]> {
  const shop = await openShop();
  const id = await shop.subscriber();
  await shop.until('2026-02-05T12:00:00Z');
  return [shop, await shop.onlyPayment(id), id];
}

const refundOf = (shop: Shop, payment: Json, body: object) =>
  shop.send('POST', 'billing', `/payments/${payment.id}/refunds`, { reason, ...body });

test.each([
  ['all that is left', {}, [1250]],
  ['a part', { amountMinor: 250 }, [250]],
])('an operator refunds %s, once, and the subscription goes on', async (_, body, amounts) => {
  const [shop, payment, id] = await paid();
  expect(await refundOf(shop, payment, body)).toMatchObject({ origin: 'operator' });
  await shop.until('2026-02-06T12:00:00Z');
  expect(shop.refunded()).toEqual(amounts);
  const { refunds, status, amountRefunded } = await shop.onlyPayment(id);
  expect(refunds).toMatchObject([{ status: 'succeeded', origin: 'operator' }]);
  expect([status, amountRefunded.amountMinor]).toEqual(['succeeded', amounts[0]]);
  expect(await shop.subscription(id)).toMatchObject({
    status: 'active',
    nextBillingDate: '2026-03-05',
  });
  expect(shop.mails()).toEqual(['payment_receipt', 'refund_receipt']);
});

test('an operator refunds one item of a payment', async () => {
  const shop = await openShop();
  const customer = await shop.customer();
  const [first] = [await shop.buy(customer), await shop.buy(customer, { quantity: 2 })];
  await shop.until('2026-02-05T12:00:00Z');
  const payment = await shop.onlyPayment(first);
  const items = [{ subscriptionId: first, amountMinor: 1250 }];
  expect(await refundOf(shop, payment, { items })).toMatchObject({
    items: [{ subscriptionId: first }],
  });
  await shop.until('2026-02-06T12:00:00Z');
  expect(shop.refunded()).toEqual([1250]);
});

test('never more than was captured', async () => {
  const [shop, payment] = await paid();
  await expect(refundOf(shop, payment, { amountMinor: 1251 })).rejects.toThrow(
    /: 422.*exceeds-payment/,
  );
  await refundOf(shop, payment, { amountMinor: 1000 });
  await expect(refundOf(shop, payment, { amountMinor: 251 })).rejects.toThrow(': 422');
  await refundOf(shop, payment, {});
  await expect(refundOf(shop, payment, {})).rejects.toThrow(/: 409.*nothing-left/);
  await shop.until('2026-02-06T12:00:00Z');
  expect(shop.refunded()).toEqual([1000, 250]);
});

test('a refund made at the provider is known here, and its own webhook is not a second one', async () => {
  const [shop, payment, id] = await paid();
  const reference = payment.attempts[0].providerReference;
  await shop.send('POST', 'aurora', '/_sim/refund', { reference, amount: 300, reason });
  await refundOf(shop, payment, { amountMinor: 200 });
  await shop.until('2026-02-06T12:00:00Z');
  const { refunds, amountRefunded } = await shop.onlyPayment(id);
  expect(refunds.map(({ origin }: Json) => origin).sort()).toEqual(['operator', 'provider']);
  expect(amountRefunded.amountMinor).toBe(500);
  expect(await shop.discrepancies()).toEqual([]);
});

test('an excess told by the provider is refused and reported', async () => {
  const [shop, payment, id] = await paid();
  const paymentId = payment.attempts[0].providerReference;
  const data = {
    refundId: 're_1',
    paymentId,
    merchantReference: null,
    amount: 1251,
    currency: 'GBP',
    reason,
  };
  await shop.event('evt_re', 'refund.succeeded', { ...data, sequence: 2 });
  expect((await shop.onlyPayment(id)).amountRefunded.amountMinor).toBe(0);
  expect(await shop.discrepancies()).toEqual(['refund_exceeds_payment']);
});

test('a refund of a payment that is unknown here waits, then becomes a discrepancy', async () => {
  const shop = await openShop();
  const data = {
    refundId: 're_1',
    paymentId: 'pay_x',
    merchantReference: null,
    amount: 1,
    currency: 'GBP',
    reason,
  };
  await shop.event('evt_re', 'refund.succeeded', { ...data, sequence: 2 });
  expect(await shop.discrepancies()).toEqual([]);
  await shop.until('2026-01-09T12:00:00Z');
  expect(await shop.discrepancies()).toEqual(['refund_unmatched']);
});

test('every change of money is in the history, oldest first, with who and why', async () => {
  const [shop, payment, id] = await paid();
  await refundOf(shop, payment, {});
  await shop.until('2026-02-06T12:00:00Z');
  const { history } = await shop.get('billing', `/payments/${payment.id}`);
  expect(history.length).toBeGreaterThan(2);
  expect(history.every(({ cause }: Json) => cause.actor && cause.trigger)).toBe(true);
  const { data } = await shop.get('subscriptions', `/subscriptions/${id}/history`);
  expect(data.length).toBeGreaterThan(0);
  expect(await shop.send('POST', 'billing', '/audit/verify')).toMatchObject({ ok: true });
});
