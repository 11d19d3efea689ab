import { randomUUID } from 'node:crypto';
import { parseInstant } from '@perennial/calendar';
import { command } from './test/command';
import { type Ordeal, openOrdeal, PAID, type Picture } from './test/ordeal';
import { PROVIDERS } from './test/provider-side';

/** Customers to whom everything happens that messages tell of; a shop each, so that mails are told apart. */
const LIVES = {
  'is paid': 'ok',
  'is told of later': 'pending_ok',
  'recovers in grace': 'decline2_insufficient_funds',
  'is terminated': 'decline_do_not_honor',
} as const;

async function live(ordeal: Ordeal, card: string): Promise<Picture> {
  const { shop } = ordeal;
  const id = await ordeal.subscriber(card);
  await shop.until('2026-02-20T12:00:00Z');
  const [payment] = await shop.payments(id);
  if (payment.status === 'succeeded') {
    const refund = { amountMinor: 250, reason: 'requested_by_customer' };
    await shop.send('POST', 'billing', `/payments/${payment.id}/refunds`, refund);
  }
  await ordeal.loseCard(card);
  await shop.until('2026-03-06T12:00:00Z');
  return ordeal.picture(id);
}

describe.each(PROVIDERS)('%s: told twice is told once', (provider) => {
  test.each(Object.entries(LIVES))('a subscription that %s', async (_, card) => {
    const once = await live(await openOrdeal(provider), card);
    const redelivered = await openOrdeal(provider);
    redelivered.shop.overheard.redeliver();
    expect(await live(redelivered, card)).toEqual(once);

    const registeredTwice = await openOrdeal(provider);
    registeredTwice.shop.overheard.registerTwice();
    expect(await live(registeredTwice, card)).toEqual(once);
  });

  test('the same order again, with the key of the first: one subscription, one charge', async () => {
    const ordeal = await openOrdeal(provider);
    const { shop } = ordeal;
    const product = { name: 'Night cream', unitPrice: { amountMinor: 1250, currency: 'GBP' } };
    const { id: productId } = await shop.send('POST', 'subscriptions', '/products', product);
    const order = {
      customerId: await ordeal.customer(),
      productId,
      quantity: 1,
      interval: 'monthly',
    };
    const key = randomUUID();
    const both = [1, 2].map(() => command(shop, 'subscriptions', '/subscriptions', order, key));
    const [first, ...more] = (await Promise.all(both)).sort((a, b) => a.status - b.status);
    await shop.system.timeline.settle();
    const again = await command(shop, 'subscriptions', '/subscriptions', order, key);
    expect([first?.status, again.status]).toEqual([201, 201]);
    // The second of two at once may come while the first is still under way.
    for (const { status } of more) expect([201, 409]).toContain(status);
    expect(again.body.id).toBe(first?.body.id);
    await shop.until('2026-02-06T12:00:00Z');
    expect(await ordeal.picture(again.body.id)).toEqual(PAID);
  });

  test('schedulers overlap: each of thirty cycles is charged once', async () => {
    const ordeal = await openOrdeal(provider);
    const { shop } = ordeal;
    const customers = Array.from({ length: 30 }, (_, n) => `ok_${n}`);
    const ids: string[] = [];
    for (const card of customers) ids.push(await ordeal.subscriber(card));
    await shop.system.clock.set(parseInstant('2026-02-05T06:00:00Z'));
    const press = () => shop.client.send('POST', 'billing', '/runs');
    const runs = await Promise.all([press(), press(), press(), shop.system.timeline.settle()]);
    const sent = runs.reduce((sum: number, run) => sum + Number((run as Run)?.sent ?? 0), 0);
    const byTimer = 30 - sent;
    expect(byTimer).toBeGreaterThanOrEqual(0);
    await shop.until('2026-02-06T12:00:00Z');
    expect(
      ordeal
        .charges()
        .map(({ paymentMethod }) => paymentMethod)
        .sort(),
    ).toEqual(customers.map((card) => ordeal.provider.method(card)).sort());
    expect(new Set(ordeal.sent().map(({ key }) => key)).size).toBe(30);
    for (const id of ids) {
      expect((await shop.onlyPayment(id)).attempts).toMatchObject([
        { number: 1, status: 'succeeded' },
      ]);
    }
    expect(shop.mails()).toEqual(Array(30).fill('payment_receipt'));
  });
});

interface Run {
  readonly sent: number;
}
