import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '@perennial/calendar';
import { type RawRequest, soleHeader } from '../../door/raw-request';
import type { Authentication } from '../provider';
import { isCurrent } from '../tolerance';
import { keysAt, type WebhookSecret } from '../webhook-secrets';

/**
 * Standard Webhooks 1.0.0, over the bytes as they came: a text made from them would be repaired, and
 * so would match a signature that was made for something else.
 */
export function authenticate(
  request: RawRequest,
  secrets: readonly WebhookSecret[],
  now: Instant,
): Authentication {
  const id = soleHeader(request, 'webhook-id');
  const timestamp = soleHeader(request, 'webhook-timestamp');
  const signatures = soleHeader(request, 'webhook-signature');
  if (!id || !timestamp || !signatures || !isSecondNear(timestamp, now)) return { ok: false };

  // Node reads header bytes as latin1, so this gives back the very bytes.
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`, 'latin1'), request.body]);
  const given = signatures.split(' ').map((signature) => Buffer.from(signature, 'latin1'));
  const fits = keysAt(now, secrets)
    .map((key) => Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`))
    .some((expected) => given.some((signature) => isEqual(expected, signature)));
  return fits ? { ok: true, eventId: id } : { ok: false };
}

/** Unix seconds written the one way: no sign, no leading zero, no exponent, no milliseconds. */
function isSecondNear(timestamp: string, now: Instant): boolean {
  return /^[1-9]\d{0,11}$/.test(timestamp) && isCurrent(Number(timestamp), now);
}

function isEqual(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}
