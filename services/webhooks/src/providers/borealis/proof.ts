import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '@perennial/calendar';
import { z } from 'zod';
import { JsonFault, parseStrictJson } from '../../door/strict-json';
import { isCurrent } from '../tolerance';
import { keysAt, type WebhookSecret } from '../webhook-secrets';

const SessionRequest = z.object({
  partnerCode: z.string(),
  nonce: z.string().regex(/^[!-~]{16,64}$/),
  ts: z.int(),
  proof: z.string().regex(/^[0-9a-fA-F]{64}$/),
});
export type SessionRequest = z.output<typeof SessionRequest>;

/** The proof is inside of what it proves, so here, alone, something is parsed unauthenticated. */
export function parseSessionRequest(body: Buffer): SessionRequest | null {
  try {
    return SessionRequest.safeParse(parseStrictJson(body)).data ?? null;
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return null;
  }
}

interface Expected {
  readonly partnerCode: string;
  readonly secrets: readonly WebhookSecret[];
}

/** HMAC-SHA256 over `partnerCode|nonce|ts`; a proof counts as long as our clocks may differ. */
export function isProven(
  { partnerCode, nonce, ts, proof }: SessionRequest,
  expected: Expected,
  now: Instant,
): boolean {
  const given = Buffer.from(proof, 'hex');
  const proves = keysAt(now, expected.secrets)
    .map((key) => createHmac('sha256', key).update(`${expected.partnerCode}|${nonce}|${ts}`))
    .some((hmac) => timingSafeEqual(hmac.digest(), given));
  return proves && partnerCode === expected.partnerCode && isCurrent(ts, now);
}
