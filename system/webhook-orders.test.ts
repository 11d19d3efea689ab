import { openOrdeal, PAID } from './test/ordeal';
import { PROVIDERS } from './test/provider-side';

const LATE = '2026-02-20T12:00:00Z';
const TOLD = '2026-02-05 succeeded: succeeded by webhook';
const CONTRADICTING = ['contradicting_outcome'];

type Event = 'success' | 'failure';
const [S, F] = ['success', 'failure'] as const;

/** Each order of up to two of each; the provider captures the money whatever its events say. */
const ORDERS: readonly (readonly Event[])[] = [
  [S, F],
  [F, S],
  [S, S, F],
  [S, F, S],
  [F, S, S],
  [F, F, S],
  [F, S, F],
  [S, F, F],
  [S, F, S, F],
  [S, F, F, S],
  [S, S, F, F],
  [F, S, F, S],
  [F, S, S, F],
  [F, F, S, S],
];

describe.each(PROVIDERS)('%s: success and failure of one charge', (provider) => {
  test.each(ORDERS.map((order) => [order.join(', '), order] as const))(
    'told as %s, all at the same moment: the money is there, and somebody has to look',
    async (_, order) => {
      const ordeal = await openOrdeal(provider, { booksDiffer: true });
      const id = await ordeal.subscriber('pending_ok_no_webhook');
      await ordeal.shop.until('2026-02-05T06:05:00Z');
      // With equal times and numbers nothing tells which was first.
      const at = '2026-02-05T06:05:00.000Z';
      for (const [n, outcome] of order.entries()) {
        await ordeal.tell(outcome, 1, { eventId: `9${n}`, at, sequence: 2 });
        await ordeal.shop.system.timeline.settle();
      }
      await ordeal.shop.until(LATE);
      const { mails, ...picture } = await ordeal.picture(id);
      const { mails: _mails, ...paid } = PAID;
      expect(picture).toEqual({ ...paid, payments: [TOLD], discrepancies: CONTRADICTING });
      expect(mails.filter((mail) => mail !== 'payment_declined')).toEqual(PAID.mails);
      expect(mails.length).toBe(order[0] === F ? 2 : 1);
    },
  );

  test.each([
    ['success, failure', [S, F]],
    ['failure, success', [F, S]],
  ] as const)('%s, handled in one batch', async (_, order) => {
    const ordeal = await openOrdeal(provider, { booksDiffer: true });
    const id = await ordeal.subscriber('pending_ok_no_webhook');
    await ordeal.shop.until('2026-02-05T06:05:00Z');
    await Promise.all(
      order.map((outcome, n) => ordeal.tell(outcome, 1, { eventId: `8${n}`, sequence: 2 })),
    );
    await ordeal.shop.until(LATE);
    const { mails, ...picture } = await ordeal.picture(id);
    const { mails: _mails, ...paid } = PAID;
    expect(picture).toEqual({ ...paid, payments: [TOLD], discrepancies: CONTRADICTING });
    expect(mails.filter((mail) => mail !== 'payment_declined')).toEqual(PAID.mails);
  });

  test.each([
    ['success', S, 'ok', []],
    ['failure', F, 'decline1_do_not_honor', ['payment_declined']],
  ] as const)('a %s, told fifty times over three days, is one', async (_, outcome, card, first) => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber(`pending_no_webhook_${card}`);
    await ordeal.shop.until('2026-02-05T06:05:30Z');
    const event = { eventId: '77', at: '2026-02-05T06:05:00.000Z', sequence: 2 };
    const statuses: number[] = [];
    for (let n = 0; n < 50; n += 1) {
      const ms = Date.parse('2026-02-05T06:06:00Z') + n * 86 * 60_000;
      await ordeal.shop.until(new Date(ms).toISOString());
      statuses.push(await ordeal.tell(outcome, 1, event));
    }
    expect(statuses).toEqual(ordeal.provider.acknowledged(50));
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toMatchObject({
      ...{ subscription: PAID.subscription, discrepancies: [], refunded: [] },
      sent: outcome === S ? 'A1' : 'A1 B2',
      payments: [
        outcome === S ? TOLD : '2026-02-05 succeeded: declined by webhook, succeeded by enquiry',
      ],
      mails: [...first, 'payment_receipt'],
    });
    expect(ordeal.charges()).toHaveLength(1);
  });
});

describe.each(PROVIDERS)('%s: all webhooks lost', (provider) => {
  const CARDS = {
    ok: 'response',
    pending_ok: 'enquiry',
    '500_after': 'enquiry',
    reset_after: 'enquiry',
    decline1_do_not_honor: 'response',
    pending_decline1_do_not_honor: 'enquiry',
  };

  test.each([
    ['for 24 hours, for ever', 'never told'],
    ['for 24 hours, and told again after that', 'told late'],
  ] as const)('%s: enquiries find everything', async (_, way) => {
    const ordeal = await openOrdeal(provider);
    const ids: [string, string][] = [];
    for (const card of Object.keys(CARDS)) ids.push([card, await ordeal.subscriber(card)]);
    await ordeal.shop.until('2026-02-05T05:00:00Z');
    if (way === 'never told') await ordeal.steer('/faults', { seed: 1, rates: { no_webhook: 1 } });
    else ordeal.door.meet('webhook', 'turned away');
    await ordeal.shop.until('2026-02-06T05:00:00Z');
    await ordeal.steer('/faults', { seed: 1, rates: {} });
    ordeal.door.restore();
    for (const [card, id] of ids) {
      const { attempts } = await ordeal.shop.onlyPayment(id);
      expect([card, attempts[0].settledBy]).toEqual([card, CARDS[card as keyof typeof CARDS]]);
    }
    await ordeal.shop.until(LATE);
    for (const [card, id] of ids) {
      const { payments, subscription, discrepancies } = await ordeal.picture(id);
      expect([card, subscription, discrepancies]).toEqual([card, PAID.subscription, []]);
      expect(payments).toEqual([expect.stringMatching(/^2026-02-05 succeeded: /)]);
    }
    expect(ordeal.charges().map(({ amount }) => amount)).toEqual(Array(ids.length).fill(1250));
    const mails = ordeal.shop.mails().sort();
    expect(mails.filter((mail) => mail === 'payment_receipt')).toHaveLength(ids.length);
    expect(mails.filter((mail) => mail === 'payment_declined')).toHaveLength(2);
    expect(mails).toHaveLength(ids.length + 2);
  });
});
