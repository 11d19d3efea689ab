import type { IncomingMessage } from 'node:http';
import type { Instant } from '@perennial/calendar';
import { z } from 'zod';
import type { Call, ProviderName } from './record';

const Named = z.object({
  merchantReference: z.string().optional(),
  extRef: z.string().optional(),
  txnNo: z.string().optional(),
});

/** Each path of the providers at which money is moved or asked about. */
const KINDS: readonly (readonly [string, RegExp, Call['kind']])[] = [
  ['POST', /^\/v1\/payments$/, 'charge'],
  ['POST', /^\/v1\/payments\/[^/]+\/refunds$/, 'refund'],
  ['GET', /^\/v1\/(payments|refunds)\?merchantReference=/, 'enquiry'],
  ['POST', /^\/api\/charge$/, 'charge'],
  ['POST', /^\/api\/reverse$/, 'refund'],
  ['POST', /^\/api\/enquire$/, 'enquiry'],
];

/** Null: a log-in, or a list of many. */
export function readCall(
  provider: ProviderName,
  { method, url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  body: string,
  at: Instant,
): Call | null {
  const found = KINDS.find(([verb, path]) => verb === method && path.test(url));
  if (!found) return null;
  const [, , kind] = found;
  const asked = new URL(url, 'http://provider').searchParams.get('merchantReference');
  const reference = asked ?? referenceIn(body);
  const header = headers['idempotency-key'];
  const key = typeof header === 'string' ? header : reference;
  return { provider, kind, at, key, reference, body, arrived: false, answer: null, heard: false };
}

function referenceIn(body: string): string {
  const { success, data } = Named.safeParse(parsed(body));
  return success ? (data.merchantReference ?? data.extRef ?? data.txnNo ?? '') : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
