import { createHmac } from 'node:crypto';
import { NOW_S, type Sent, send } from './signed';

export const PARTNER = 'PERENNIAL';
export const BANK_SECRET = 'a raw text that both of us know';
/** What the bank needs of our settings. */
export const BOREALIS = {
  BOREALIS_PARTNER_CODE: PARTNER,
  BOREALIS_WEBHOOK_SECRETS: BANK_SECRET,
} as const;

let numbers = 0;
export function newNumber(): number {
  numbers += 1;
  return numbers;
}

export function newNonce(): string {
  return `nonce-${String(newNumber()).padStart(16, '0')}`;
}

interface Proving {
  readonly partnerCode?: string;
  readonly nonce?: string;
  readonly ts?: number;
  readonly secret?: string;
}

/** The body of a log-in. */
export function proving(given: Proving = {}) {
  const { partnerCode = PARTNER, nonce = newNonce(), ts = NOW_S, secret = BANK_SECRET } = given;
  const proof = createHmac('sha256', secret).update(`${partnerCode}|${nonce}|${ts}`).digest('hex');
  return { partnerCode, nonce, ts, proof };
}

type Headers = Record<string, string | string[] | null>;
const UNSIGNED: Headers = {
  ...{ 'webhook-id': null, 'webhook-timestamp': null, 'webhook-signature': null },
};

export interface From {
  readonly headers?: Headers;
  readonly method?: string;
}

export function askSession(url: string, body: Buffer | object = proving(), from: From = {}) {
  const path = '/webhooks/borealis/session';
  return send(url, body, { ...from, path, headers: { ...UNSIGNED, ...from.headers } });
}

export async function logIn(url: string, from: From = {}): Promise<string> {
  const { status, body } = await askSession(url, proving(), from);
  if (status !== 200) throw new Error(`no session: ${status}`);
  return body.sessionToken;
}

export function deliver(
  url: string,
  token: string | string[] | null,
  body: Buffer | object,
  from: From = {},
): Promise<Sent> {
  const headers = { ...UNSIGNED, 'x-session-token': token, ...from.headers };
  return send(url, body, { ...from, path: '/webhooks/borealis', headers });
}

/** `fields` replaces what is there: `{count: 7}`. */
export function batchOf(items: readonly unknown[], fields: object = {}) {
  return { batchNo: newNumber(), sentTs: NOW_S, count: items.length, items, ...fields };
}

const charge = {
  ...{ txnNo: 'TXN1', extRef: '0197d00000007000800000000000abcd', sum: '12.50', ccy: 'GBP' },
  ...{ evTs: NOW_S - 2, seq: 3 },
};

export function chargeOk(fields: object = {}) {
  return { evNo: newNumber(), evType: 'CHG_OK', ...charge, ...fields };
}

export function chargeFail(rsn = 'INSUFF', fields: object = {}) {
  return { evNo: newNumber(), evType: 'CHG_FAIL', ...charge, rsn, ...fields };
}

export function reversal(evType: 'REV_OK' | 'REV_FAIL', fields: object = {}) {
  return { evNo: newNumber(), evType, ...charge, revNo: 'REV1', rsnCode: 'CUST', ...fields };
}

export function cardDead(why: string, fields: object = {}) {
  const evType = 'CARD_DEAD';
  return { evNo: newNumber(), evType, cardToken: 'ct_1', why, evTs: NOW_S - 2, ...fields };
}
