import { z } from 'zod';
import type { ProviderSheet } from '../../domain/moment';
import { defineProvider, type World } from '../adapter';
import { Line } from '../line/line';
import type { Provider } from '../provider';
import { chargeAnswer, enquiryAnswer } from './charges';
import { listing } from './listing';
import { refundAnswer, refundEnquiryAnswer } from './refunds';

const HOUR_MS = 3_600_000;

const AuroraSettings = z.object({ AURORA_URL: z.url(), AURORA_API_KEY: z.string().min(1) });

/** JSON over REST with idempotency keys. An enquiry by reference sees a payment at once. */
const sheet: ProviderSheet = {
  keyLifetimeMs: 24 * HOUR_MS,
  keepsServerErrors: true,
  enquiryLagMs: 0,
  callsPerSecond: null,
  amounts: 'minor units',
  referenceLength: 64,
  chargeBody: ({ reference, amount, paymentMethod }) =>
    JSON.stringify({
      merchantReference: reference,
      amount: amount.amountMinor,
      currency: amount.currency,
      paymentMethod,
    }),
  refundBody: ({ reference, amount, reason }) =>
    JSON.stringify({ merchantReference: reference, amount: amount.amountMinor, reason }),
};

export const adapter = defineProvider({
  name: 'aurora',
  enabledBy: 'AURORA_URL',
  settings: AuroraSettings,
  create: createAurora,
});

function createAurora(
  { AURORA_URL: url, AURORA_API_KEY: apiKey }: z.output<typeof AuroraSettings>,
  { http, clock, limits }: World,
): Provider {
  const line = new Line(http, clock, { url, sheet, limits });
  const headers = { Authorization: `Bearer ${apiKey}` };
  const keyed = (key: string) => ({ ...headers, 'Idempotency-Key': key });
  return {
    sheet,
    pace: line.pace,
    charge: ({ idempotencyKey, body }) =>
      line.send({
        ...{ kind: 'charge', method: 'POST', path: '/v1/payments', body },
        headers: keyed(idempotencyKey),
        read: chargeAnswer,
      }),
    enquire: ({ reference }) =>
      line.enquire({
        ...{ kind: 'enquire', method: 'GET', headers },
        path: `/v1/payments?merchantReference=${reference}`,
        read: (answer) => enquiryAnswer(answer, reference),
      }),
    refund: async ({ request }, paymentReference) => {
      if (!request) return { outcome: 'refused', detail: 'not a refund of ours' };
      return line.send({
        ...{ kind: 'refund', method: 'POST', headers: keyed(request.key), body: request.body },
        path: `/v1/payments/${encodeURIComponent(paymentReference)}/refunds`,
        read: refundAnswer,
      });
    },
    enquireRefund: async ({ request }) => {
      if (!request) return { outcome: 'refused', detail: 'not a refund of ours' };
      const { reference } = request;
      return line.enquire({
        ...{ kind: 'enquire', method: 'GET', headers },
        path: `/v1/refunds?merchantReference=${reference}`,
        read: (answer) => refundEnquiryAnswer(answer, reference),
      });
    },
    list: (window, cursor) => listing(line, headers, window, cursor),
  };
}
