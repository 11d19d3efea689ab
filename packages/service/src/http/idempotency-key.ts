import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { Refusal } from '../refusal';

/** What a POST is known by when it is sent again. */
export interface IdempotencyKey {
  readonly caller: string;
  readonly key: string;
  /** SHA-256 of method, path and body: the same key may not ask for something else. */
  readonly requestHash: string;
}

/** `Idempotency-Key` counts on POST only; the other methods repeat harmlessly. */
export function readIdempotencyKey(
  request: Request,
  caller: string,
  body: unknown,
  required: boolean,
): IdempotencyKey | null {
  if (request.method !== 'POST') return null;
  const given = request.headersDistinct['idempotency-key'] ?? [];
  if (given.length === 0) {
    if (!required) return null;
    throw new Refusal(400, 'idempotency-key-missing', 'An Idempotency-Key header is needed here.');
  }
  const [key] = given;
  if (given.length > 1 || key === undefined || !/^[\x21-\x7e]{1,64}$/.test(key)) {
    const detail = 'An Idempotency-Key is 1 to 64 visible ASCII characters, given once.';
    throw new Refusal(400, 'idempotency-key-malformed', detail);
  }
  return { caller, key, requestHash: hashOf([request.method, request.originalUrl, body ?? null]) };
}

/** The order of an object's fields makes no other request. */
function hashOf(value: unknown): string {
  const sorted = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return createHash('sha256').update(sorted).digest('hex');
}
