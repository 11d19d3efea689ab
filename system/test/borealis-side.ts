import { createHmac, randomBytes } from 'node:crypto';
import type { ProviderSide } from './provider-side';
import type { Shop } from './shop';

const PARTNER = 'PERENNIAL';

interface Body {
  readonly extRef: string;
}

export const borealis: ProviderSide = {
  name: 'borealis',
  method: (card) => `ct_${card}`,
  notFound: { status: 200, body: '{"rc":"25"}' },
  absentAfter: 2,
  keyLifetimeHours: Number.POSITIVE_INFINITY,
  acknowledged: (times) => Array(times).fill(200),

  sent: (asked, wanted) =>
    asked
      .filter(({ kind }) => kind === wanted)
      .map(({ body }) => {
        const { extRef } = JSON.parse(body) as Body;
        return { key: extRef, reference: extRef, body };
      }),

  tellOutcome: (shop, told) => {
    const { providerReference: txnNo, reference: extRef, amountMinor, sequence: seq } = told;
    const charge = { txnNo, extRef, sum: decimals(amountMinor), ccy: 'GBP', seq };
    const failed = told.outcome === 'failure';
    const evType = failed ? 'CHG_FAIL' : 'CHG_OK';
    return deliver(shop, told, { evType, ...charge, ...(failed && { rsn: 'DNH' }) });
  },

  tellRefund: (shop, told) => {
    const { refundId: revNo, providerReference: txnNo, amountMinor } = told;
    const made = { revNo, txnNo, extRef: null, sum: decimals(amountMinor), ccy: 'GBP' };
    return deliver(shop, told, { evType: 'REV_OK', ...made, rsnCode: 'CUST', seq: 5 });
  },

  tellLostCard: (shop, told) =>
    deliver(shop, told, { evType: 'CARD_DEAD', cardToken: told.paymentMethod, why: 'E' }),

  chargeByStranger: async (shop, line, extRef) => {
    const ours = line.asked.findLast(({ kind }) => kind === 'charge');
    if (!ours) throw new Error('nothing has been charged yet');
    const secret = shop.keys.borealisApiSecret;
    const token = await logIn(`${line.target}/api/session`, secret, shop);
    const headers = { 'X-Session-Token': token };
    const body = JSON.stringify({ ...JSON.parse(ours.body), extRef });
    const answer = await fetch(line.target + ours.path, { method: 'POST', headers, body });
    return ((await answer.json()) as { txnNo: string }).txnNo;
  },
};

function decimals(amountMinor: number): string {
  return (amountMinor / 100).toFixed(2);
}

interface Event {
  readonly eventId: string;
  readonly at: string;
}

const tokens = new WeakMap<Shop, { readonly token: string; readonly at: string }>();

/** A batch of one, as the bank would send it; answers the door's status. */
async function deliver(shop: Shop, { eventId, at }: Event, item: object): Promise<number> {
  const url = `${shop.addresses.webhooks.url}/webhooks/borealis`;
  const now = shop.system.clock.now();
  const known = tokens.get(shop);
  const token =
    known?.at === now
      ? known.token
      : await logIn(`${url}/session`, shop.keys.borealisWebhookSecret, shop);
  tokens.set(shop, { token, at: now });
  const items = [{ evNo: eventId, evTs: seconds(at), ...item }];
  const batchNo = randomBytes(6).readUIntBE(0, 6);
  const body = JSON.stringify({ batchNo, sentTs: seconds(now), count: 1, items });
  const headers = { 'Content-Type': 'application/json', 'X-Session-Token': token };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

async function logIn(url: string, secret: string, { system }: Shop): Promise<string> {
  const ts = seconds(system.clock.now());
  const nonce = randomBytes(16).toString('hex');
  const proof = createHmac('sha256', secret).update(`${PARTNER}|${nonce}|${ts}`).digest('hex');
  const body = JSON.stringify({ partnerCode: PARTNER, nonce, ts, proof });
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body });
  return ((await answer.json()) as { sessionToken: string }).sessionToken;
}

function seconds(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}
