import { command } from './test/command';
import { numbered, type Ordeal, openOrdeal, PAID } from './test/ordeal';
import { PROVIDERS, type ProviderName } from './test/provider-side';
import type { Json } from './test/shop';

const LATE = '2026-02-20T12:00:00Z';
const reason = 'requested_by_customer';
const REFUNDED = { ...PAID, mails: ['payment_receipt', 'refund_receipt'] };

async function paid(provider: ProviderName, options = {}) {
  const ordeal = await openOrdeal(provider, options);
  const id = await ordeal.subscriber();
  await ordeal.shop.until('2026-02-05T12:00:00Z');
  return { ordeal, id, payment: await ordeal.shop.onlyPayment(id) };
}

const click = ({ shop }: Ordeal, payment: Json, key: string, body: object = {}) =>
  command(shop, 'billing', `/payments/${payment.id}/refunds`, { reason, ...body }, key);

describe.each(PROVIDERS)('%s: a refund', (provider) => {
  test.each([
    ['answer lost', 'A1'],
    ['request lost', 'A1 A1'],
  ] as const)('times out (%s), and the operator clicks again', async (fate, sent) => {
    const { ordeal, id, payment } = await paid(provider);
    ordeal.line.meet('refund', fate, 1);
    const first = await click(ordeal, payment, 'key-1');
    expect(first).toMatchObject({ status: 201, body: { origin: 'operator' } });
    await ordeal.shop.until('2026-02-05T12:00:05Z');
    expect(await click(ordeal, payment, 'key-1')).toEqual(first);
    expect(await click(ordeal, payment, 'key-1', { amountMinor: 5 })).toMatchObject({
      status: 422,
      body: { type: expect.stringContaining('idempotency-key-reused') },
    });
    expect(await click(ordeal, payment, 'key-2')).toMatchObject({
      status: 409,
      body: { type: expect.stringContaining('nothing-left') },
    });
    await ordeal.shop.until(LATE);
    expect(numbered(ordeal.sent('refund'))).toBe(sent);
    expect(await ordeal.picture(id)).toEqual({ ...REFUNDED, refunded: [1250] });
    const { refunds, amountRefunded } = await ordeal.shop.onlyPayment(id);
    expect(refunds).toMatchObject([{ id: first.body.id, status: 'succeeded' }]);
    expect(amountRefunded.amountMinor).toBe(1250);
  });

  test('twice 60 % at once: one is granted, one is more than is left', async () => {
    const { ordeal, id, payment } = await paid(provider);
    const part = { amountMinor: 750 };
    const both = await Promise.all(
      ['key-1', 'key-2'].map((key) => click(ordeal, payment, key, part)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect(both.find(({ status }) => status === 422)?.body.type).toContain('exceeds-payment');
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual({ ...REFUNDED, refunded: [750] });
    expect((await ordeal.shop.onlyPayment(id)).amountRefunded.amountMinor).toBe(750);
  });

  test('the same click twice at once is one refund', async () => {
    const { ordeal, id, payment } = await paid(provider);
    const both = await Promise.all(
      [1, 2].map(() => click(ordeal, payment, 'key-1', { amountMinor: 500 })),
    );
    for (const { status } of both) expect([201, 409]).toContain(status);
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual({ ...REFUNDED, refunded: [500] });
  });

  test.each([
    ['the dashboard is told first', false],
    ['ours is refused before the dashboard is told', true],
  ])('60 %% here and 60 %% in the dashboard: %s', async (_, late) => {
    const { ordeal, id, payment } = await paid(provider);
    if (late) ordeal.door.meet('webhook', 'turned away');
    const reference = payment.attempts[0].providerReference;
    await ordeal.steer('/refund', { reference, amount: 750, reason });
    expect((await click(ordeal, payment, 'key-1', { amountMinor: 750 })).status).toBe(201);
    await ordeal.shop.until('2026-02-05T12:00:03Z');
    ordeal.door.restore();
    await ordeal.shop.until(LATE);
    expect((await ordeal.picture(id)).refunded).toEqual([750]);
    const { refunds, amountRefunded } = await ordeal.shop.onlyPayment(id);
    expect(amountRefunded.amountMinor).toBe(750);
    expect(refunds.map(({ origin, status }: Json) => `${origin} ${status}`).sort()).toEqual([
      'operator failed',
      'provider succeeded',
    ]);
  });

  test('in part, told before our own record of the success is committed: it waits for it', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('no_webhook');
    await ordeal.during(['charge', 'answer'], '2026-02-05T06:00:00Z', async () => {
      const [charge] = ordeal.charges();
      const providerReference = charge?.id ?? '';
      const order = { reference: providerReference, amount: 300, reason };
      const { id: refundId } = await ordeal.steer('/refund', order);
      const at = ordeal.shop.system.clock.now();
      const told = { eventId: '55', refundId, providerReference, amountMinor: 300, at };
      expect(await ordeal.provider.tellRefund(ordeal.shop, told)).toBeLessThan(300);
      await ordeal.overtake('webhooks');
      expect(await ordeal.shop.discrepancies()).toEqual([]);
    });
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual({ ...REFUNDED, refunded: [300] });
    const { refunds, amountRefunded } = await ordeal.shop.onlyPayment(id);
    expect(refunds).toMatchObject([{ origin: 'provider', status: 'succeeded' }]);
    expect(amountRefunded.amountMinor).toBe(300);
  });
});

describe.each(PROVIDERS)('%s: a refund of a combined payment from the dashboard', (provider) => {
  async function refundedInPart(amount: number) {
    const ordeal = await openOrdeal(provider);
    const { shop } = ordeal;
    const customer = await ordeal.customer();
    const [small, large] = [await shop.buy(customer), await shop.buy(customer, { quantity: 2 })];
    await shop.until('2026-02-05T12:00:00Z');
    const payment = await shop.onlyPayment(small);
    const reference = payment.attempts[0].providerReference;
    await ordeal.steer('/refund', { reference, amount, reason });
    await shop.until('2026-02-05T12:01:00Z');
    const [refund] = (await shop.onlyPayment(small)).refunds;
    const allocate = (...items: readonly (readonly [string, number])[]) =>
      shop.client.send('PUT', 'billing', `/refunds/${refund.id}/items`, {
        items: items.map(([subscriptionId, amountMinor]) => ({ subscriptionId, amountMinor })),
      });
    const shown = () => shop.get('billing', `/refunds/${refund.id}`);
    return { ordeal, small, large, payment, allocate, shown };
  }

  test('stays unallocated until an operator says which item', async () => {
    const { ordeal, small, large, allocate, shown } = await refundedInPart(1000);
    expect(await shown()).toMatchObject({ origin: 'provider', status: 'succeeded', items: null });
    await expect(allocate([small, 999])).rejects.toThrow(': 422');
    await expect(allocate([small, 500], [large, 501])).rejects.toThrow(': 422');
    await expect(allocate([small, 1000], [large, 0])).rejects.toThrow(': 422');
    const stranger = await ordeal.subscriber('other');
    await expect(allocate([stranger, 1000])).rejects.toThrow(': 422');
    expect((await shown()).items).toBeNull();
    await allocate([large, 600], [small, 400]);
    await expect(allocate([small, 1000])).rejects.toThrow(': 409');
    const items = (await shown()).items.map(({ subscriptionId, amount }: Json) => [
      subscriptionId,
      amount.amountMinor,
    ]);
    expect(new Map(items)).toEqual(
      new Map([
        [small, 400],
        [large, 600],
      ]),
    );
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(small)).toEqual({
      ...{ ...REFUNDED, refunded: [1000], ledger: ['2026-02-05 3750 GBP'] },
    });
    expect((await ordeal.picture(large)).subscription).toBe(PAID.subscription);
  });

  test('is never said to be of an item that had not so much left', async () => {
    const { ordeal, small, large, payment, allocate, shown } = await refundedInPart(1000);
    const items = [{ subscriptionId: small, amountMinor: 500 }];
    expect((await click(ordeal, payment, 'key-1', { items })).status).toBe(201);
    await expect(allocate([small, 1000])).rejects.toThrow(': 422');
    await allocate([large, 1000]);
    expect((await shown()).items).toMatchObject([{ subscriptionId: large }]);
    await ordeal.shop.until(LATE);
    expect((await ordeal.picture(small)).refunded.toSorted()).toEqual([1000, 500]);
  });

  test('and what is left of the payment counts it, whichever item it was', async () => {
    const { ordeal, small, large, payment } = await refundedInPart(3000);
    const items = [{ subscriptionId: large, amountMinor: 751 }];
    expect((await click(ordeal, payment, 'key-1', { items })).status).toBe(422);
    expect((await click(ordeal, payment, 'key-2')).status).toBe(201);
    await ordeal.shop.until(LATE);
    expect((await ordeal.picture(small)).refunded).toEqual([3000, 750]);
    expect((await ordeal.shop.onlyPayment(small)).amountRefunded.amountMinor).toBe(3750);
  });
});
