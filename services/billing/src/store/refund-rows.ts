import { Instant } from '@perennial/calendar';
import { KnownRefundReason, Money, RefundOrigin } from '@perennial/contracts';
import type { Row } from '@perennial/database';
import { z } from 'zod';
import type { Refund } from '../domain/refund';

const Items = z.array(z.object({ subscriptionId: z.string(), amount: Money }));

export const RefundRow = z
  .object({
    id: z.string(),
    paymentId: z.string(),
    attemptId: z.string(),
    provider: z.string(),
    amountMinor: z.number(),
    currency: z.string(),
    reason: KnownRefundReason,
    rawReason: z.string().nullable(),
    origin: RefundOrigin,
    status: z.enum(['pending', 'succeeded', 'failed']),
    items: z.string().nullable(),
    reference: z.string().nullable(),
    idempotencyKey: z.string().nullable(),
    body: z.string().nullable(),
    providerReference: z.string().nullable(),
    delivery: z.enum(['to_send', 'sent']).nullable(),
    nextActionAt: Instant.nullable(),
    firstSentAt: Instant.nullable(),
    lastSentAt: Instant.nullable(),
    sends: z.number(),
    enquiries: z.number(),
    createdAt: Instant,
    settledAt: Instant.nullable(),
    version: z.number(),
  })
  .transform(
    ({ amountMinor, currency, reference, idempotencyKey, body, items, ...rest }): Refund => {
      const key = idempotencyKey ?? rest.id;
      const request = reference !== null && body !== null ? { reference, key, body } : null;
      const allocation = items === null ? null : Items.parse(JSON.parse(items));
      return { ...rest, amount: { amountMinor, currency }, request, items: allocation };
    },
  );

export function refundRow({ amount, request, items, ...refund }: Refund): Row {
  return {
    ...refund,
    amountMinor: amount.amountMinor,
    currency: amount.currency,
    reference: request?.reference ?? null,
    idempotencyKey: request?.key ?? null,
    body: request?.body ?? null,
    items: items && JSON.stringify(items),
  };
}
