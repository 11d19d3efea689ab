import { killBilling } from './test/killed-billing';
import { openOrdeal, PAID, type Picture } from './test/ordeal';
import { PROVIDERS } from './test/provider-side';

const AFTER_2_H = '2026-02-05T08:00:00Z';
const AFTER_26_H = '2026-02-06T08:00:00Z';
const ENQUIRED = '2026-02-05 succeeded: succeeded by enquiry';
const TOLD = '2026-02-05 succeeded: succeeded by webhook';

/** Billing is killed while its first charge is under way, and starts again at that time. */
async function killedWhileCharging(
  provider: (typeof PROVIDERS)[number],
  card: string,
  place: 'request' | 'answer',
  startsAt: string,
) {
  const ordeal = await openOrdeal(provider);
  const id = await ordeal.subscriber(card);
  let restart = async (_at: string) => {};
  const fate = place === 'request' ? 'lost' : undefined;
  const life = ordeal.during(
    ['charge', place],
    '2026-02-05T06:00:00Z',
    () => {
      restart = killBilling(ordeal.shop);
    },
    fate,
  );
  await expect(life).rejects.toThrow('due work failed');
  await restart(startsAt);
  return { ordeal, id };
}

describe.each(PROVIDERS)('%s: billing is killed between send and receive', (provider) => {
  test.each([
    ['2 h', AFTER_2_H, 'no_webhook', ENQUIRED],
    ['26 h', AFTER_26_H, 'no_webhook', ENQUIRED],
    ['2 h, the webhook waiting for it', AFTER_2_H, 'ok', TOLD],
    ['26 h, the webhook waiting for it', AFTER_26_H, 'ok', TOLD],
  ])('the charge had arrived, restart after %s: paid, and never sent again', async (...row) => {
    const [, startsAt, card, payment] = row;
    const { ordeal, id } = await killedWhileCharging(provider, card, 'answer', startsAt);
    await ordeal.shop.until('2026-02-20T12:00:00Z');
    expect(await ordeal.picture(id)).toEqual({ ...PAID, payments: [payment] });
  });

  test.each([
    ['2 h', AFTER_2_H, 2],
    ['26 h', AFTER_26_H, 26],
  ])(
    'the charge had not arrived, restart after %s: the key that lives, or a new one',
    async (...row) => {
      const [, startsAt, hours] = row;
      const { ordeal, id } = await killedWhileCharging(provider, 'no_webhook', 'request', startsAt);
      const withNewKey: Picture = {
        ...PAID,
        sent: 'A1 B2',
        ledger: ['2026-02-07 1250 GBP'],
        payments: ['2026-02-05 succeeded: not_sent, succeeded by response'],
      };
      const withSameKey = { ...PAID, sent: 'A1 A1', ledger: [`${startsAt.slice(0, 10)} 1250 GBP`] };
      const expired = hours >= ordeal.provider.keyLifetimeHours;
      if (expired) {
        await ordeal.shop.until('2026-02-07T05:59:59Z');
        expect((await ordeal.picture(id)).sent).toBe('A1');
      }
      await ordeal.shop.until('2026-02-20T12:00:00Z');
      expect(await ordeal.picture(id)).toEqual(expired ? withNewKey : withSameKey);
    },
  );
});
