import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, msOf } from '@perennial/calendar';
import { type RawRequest, soleHeader } from '../../door/raw-request';
import type { Authentication } from '../provider';
import type { WebhookSecret } from './secrets';

const TOLERANCE_S = 300;

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
  if (!id || !timestamp || !signatures || !isCurrent(timestamp, now)) return { ok: false };

  // Node reads header bytes as latin1, so this gives back the very bytes.
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`, 'latin1'), request.body]);
  const given = signatures.split(' ').map((signature) => Buffer.from(signature, 'latin1'));
  const fits = secrets
    .filter(({ endsAt }) => endsAt === null || now < endsAt)
    .map(({ key }) =>
      Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`),
    )
    .some((expected) => given.some((signature) => isEqual(expected, signature)));
  return fits ? { ok: true, eventId: id } : { ok: false };
}

/** Unix seconds written the one way: no sign, no leading zero, no exponent, no milliseconds. */
function isCurrent(timestamp: string, now: Instant): boolean {
  if (!/^[1-9]\d{0,11}$/.test(timestamp)) return false;
  return Math.abs(Math.floor(msOf(now) / 1000) - Number(timestamp)) <= TOLERANCE_S;
}

function isEqual(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}
