import type { HttpClient } from '@perennial/service';
import type { Provider } from '../provider';
import { chargeAnswer, enquiryAnswer } from './charges';
import { AuroraClient, type AuroraConnection } from './client';
import { refundAnswer, refundEnquiryAnswer } from './refunds';

const HOUR_MS = 3_600_000;

/** JSON over REST with idempotency keys. An enquiry by reference sees a payment at once. */
export function createAurora(http: HttpClient, connection: AuroraConnection): Provider {
  const client = new AuroraClient(http, connection);
  return {
    sheet: {
      keyLifetimeMs: 24 * HOUR_MS,
      enquiryLagMs: 0,
      chargeBody: ({ reference, amount, paymentMethod }) =>
        JSON.stringify({
          merchantReference: reference,
          amount: amount.amountMinor,
          currency: amount.currency,
          paymentMethod,
        }),
      refundBody: ({ reference, amount, reason }) =>
        JSON.stringify({ merchantReference: reference, amount: amount.amountMinor, reason }),
    },
    charge: async ({ idempotencyKey, body }) =>
      chargeAnswer(await client.post('/v1/payments', idempotencyKey, body)),
    enquire: async ({ reference }) =>
      enquiryAnswer(await client.get(`/v1/payments?merchantReference=${reference}`), reference),
    refund: async ({ id, request }, paymentReference) => {
      if (!request) return { outcome: 'refused', detail: 'not a refund of ours' };
      const path = `/v1/payments/${encodeURIComponent(paymentReference)}/refunds`;
      return refundAnswer(await client.post(path, id, request.body));
    },
    enquireRefund: async ({ request }) => {
      if (!request) return { outcome: 'refused', detail: 'not a refund of ours' };
      const path = `/v1/refunds?merchantReference=${request.reference}`;
      return refundEnquiryAnswer(await client.get(path), request.reference);
    },
  };
}
