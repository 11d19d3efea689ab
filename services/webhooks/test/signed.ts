import { createHmac } from 'node:crypto';
import { request } from 'node:http';

export const NOW = '2026-07-03T12:00:00.000Z';
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const OTHER_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
export const NOW_S = Date.parse(NOW) / 1000;

export function sign(
  id: string,
  timestamp: string | number,
  body: Buffer,
  secret = SECRET,
): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

let events = 0;
export function newId(): string {
  events += 1;
  return `evt_${events}`;
}

/** A payment that succeeded; `data` replaces fields of it. */
export function succeeded(id = newId(), data: object = {}) {
  return {
    id,
    type: 'payment.succeeded',
    createdAt: '2026-07-03T11:59:58.123+00:00',
    livemode: true,
    data: {
      paymentId: 'pay_1',
      merchantReference: '0197d000-0000-7000-8000-000000000001',
      amount: 1250,
      currency: 'GBP',
      status: 'succeeded',
      sequence: 3,
      ...data,
    },
  };
}

export function failed(id = newId(), code = 'insufficient_funds', data: object = {}) {
  const failure = { code, message: 'no' };
  return { ...succeeded(id, { status: 'failed', failure, ...data }), type: 'payment.failed' };
}

export interface Sent {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  readonly body: any;
}

export interface Sending {
  readonly id?: string;
  readonly timestamp?: string | number;
  readonly secret?: string;
  readonly path?: string;
  readonly method?: string;
  /** Replaces or removes (null) what is sent; the signature is over the rest. */
  readonly headers?: Record<string, string | string[] | null>;
}

/** Sends a body as it is, signed; over node:http, which sends headers twice where it is told to. */
export function send(url: string, body: Buffer | object, sending: Sending = {}): Promise<Sent> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const id = sending.id ?? idIn(body);
  const { timestamp = NOW_S, path = '/webhooks/aurora', method = 'POST' } = sending;
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign(id, timestamp, bytes, sending.secret),
    ...sending.headers,
  };
  const given = Object.entries(headers).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode = 0, headers: answered } = response;
        resolve({ status: statusCode, headers: answered, body: text && JSON.parse(text) });
      });
    });
    for (const [name, value] of given) outgoing.setHeader(name, value);
    outgoing.on('error', reject).end(bytes);
  });
}

function idIn(body: Buffer | object): string {
  return !Buffer.isBuffer(body) && 'id' in body ? String(body.id) : 'evt_raw';
}
