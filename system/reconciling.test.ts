import { type Ordeal, openOrdeal, PAID, type Picture } from './test/ordeal';
import { PROVIDERS } from './test/provider-side';
import type { Json } from './test/shop';

const LATE = '2026-02-20T12:00:00Z';

/** The fifth of February, as far as it is over. */
async function reconcile({ shop, provider }: Ordeal): Promise<Json> {
  const now = shop.system.clock.now();
  const [from, midnight] = ['2026-02-05T00:00:00.000Z', '2026-02-06T00:00:00.000Z'];
  const wanted = { provider: provider.name, from, to: now < midnight ? now : midnight };
  return shop.client.send('POST', 'billing', '/reconciliations', wanted);
}

async function done(ordeal: Ordeal, { id }: Json): Promise<Json> {
  await ordeal.shop.system.timeline.settle();
  return ordeal.shop.get('billing', `/reconciliations/${id}`);
}

/** A charge whose answer was lost; nothing is learnt by asking until the line is restored. */
async function unknownCharge(provider: (typeof PROVIDERS)[number], card = 'no_webhook') {
  const ordeal = await openOrdeal(provider, { booksDiffer: true });
  const id = await ordeal.subscriber(card);
  ordeal.line.meet('charge', 'answer lost', 1);
  ordeal.line.meet('enquiry', 'request lost');
  await ordeal.shop.until('2026-02-05T06:00:20Z');
  ordeal.line.restore();
  ordeal.line.meet('enquiry', 'request lost');
  return { ordeal, id };
}

const settledBy = (source: string): Picture => ({
  ...PAID,
  payments: [`2026-02-05 succeeded: succeeded by ${source}`],
});

describe.each(PROVIDERS)('%s: reconciliation', (provider) => {
  test('settles what is unknown through the one rule, and running it again changes nothing', async () => {
    const { ordeal, id } = await unknownCharge(provider);
    const first = await done(ordeal, await reconcile(ordeal));
    expect(first).toMatchObject({ status: 'done', autoFixed: 1 });
    const picture = {
      ...settledBy('reconciliation'),
      discrepancies: ['status_differs, auto_fixed'],
    };
    expect(await ordeal.picture(id)).toEqual(picture);
    const second = await done(ordeal, await reconcile(ordeal));
    expect(second).toMatchObject({ status: 'done', autoFixed: 0, discrepancies: [] });
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual(picture);
  });

  test.each([
    ['the webhook first', 'no_webhook', 'success'],
    ['reconciliation first', 'no_webhook', 'success'],
    ['both at once', 'no_webhook', 'success'],
    ['both at once, of a decline', 'no_webhook_decline1_do_not_honor', 'failure'],
  ] as const)('and a webhook settle the same attempt, %s: once', async (order, card, outcome) => {
    const { ordeal, id } = await unknownCharge(provider, card);
    const { shop } = ordeal;
    const settle = () => shop.system.timeline.settle();
    if (order === 'the webhook first') {
      await ordeal.tell(outcome, 1);
      await settle();
      await done(ordeal, await reconcile(ordeal));
    } else if (order === 'reconciliation first') {
      await done(ordeal, await reconcile(ordeal));
      await ordeal.tell(outcome, 1);
    } else {
      const [asked] = await Promise.all([reconcile(ordeal), ordeal.tell(outcome, 1), settle()]);
      await done(ordeal, asked);
    }
    await shop.until(LATE);
    const { payments, discrepancies, ...picture } = await ordeal.picture(id);
    const [payment] = payments;
    if (outcome === 'success') {
      const { payments: _p, discrepancies: _d, ...paid } = PAID;
      expect(picture).toEqual(paid);
      expect(payment).toMatch(/^2026-02-05 succeeded: succeeded by (webhook|reconciliation)$/);
    } else {
      expect(picture).toMatchObject({
        sent: 'A1 B2',
        mails: ['payment_declined', 'payment_receipt'],
      });
      expect(payment).toMatch(/succeeded: declined by (webhook|reconciliation), succeeded by/);
    }
    expect([[], ['status_differs, auto_fixed']]).toContainEqual(discrepancies);
  });

  test('finds a charge that nobody here knows, once, and leaves it to a person', async () => {
    const ordeal = await openOrdeal(provider, { daily: true, booksDiffer: true });
    const id = await ordeal.subscriber();
    await ordeal.shop.until('2026-02-05T12:00:00Z');
    const stranger = await ordeal.provider.chargeByStranger(ordeal.shop, ordeal.line, 'stranger1');
    await ordeal.shop.until('2026-02-06T12:00:00Z');
    const asked = await done(ordeal, await reconcile(ordeal));
    expect(asked).toMatchObject({ status: 'done', autoFixed: 0 });
    const { data } = await ordeal.shop.get('billing', '/discrepancies?kind=missing_here');
    expect(data).toMatchObject([{ state: 'open', provider, paymentId: null }]);
    expect(JSON.stringify(data[0].details)).toContain(stranger);
    await ordeal.shop.until(LATE);
    const found = ['event_unmatched', 'missing_here'];
    const { discrepancies, ...picture } = await ordeal.picture(id);
    expect(found).toEqual(expect.arrayContaining([...new Set(discrepancies)]));
    expect(discrepancies.filter((kind) => kind === 'missing_here')).toHaveLength(1);
    const { discrepancies: _, ...paid } = PAID;
    expect(picture).toEqual({ ...paid, ledger: Array(2).fill(PAID.ledger[0]) });
    const path = `/discrepancies/${data[0].id}/resolution`;
    await ordeal.shop.send('POST', 'billing', path, { state: 'explained', note: 'a till' });
    await done(ordeal, await reconcile(ordeal));
    expect(await ordeal.shop.get('billing', '/discrepancies?kind=missing_here')).toMatchObject({
      data: [{ state: 'explained', note: 'a till' }],
    });
  });
});
