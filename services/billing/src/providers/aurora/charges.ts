import { z } from 'zod';
import type { ChargeEvidence } from '../../domain/evidence';
import type { Exchange } from './client';
import { declineOf } from './declines';
import { noAnswer, unusual } from './no-answer';

const Failure = z.object({ code: z.string() });

/** Only what is understood here: whatever else comes along may change. */
const Payment = z.discriminatedUnion('status', [
  z.object({ status: z.literal('succeeded'), id: z.string().min(1) }),
  z.object({ status: z.literal('processing'), id: z.string().min(1) }),
  z.object({ status: z.literal('failed'), id: z.string().min(1), failure: Failure.nullish() }),
]);

const Declined = z.object({
  error: z.object({
    type: z.literal('card_error'),
    declineCode: z.string().nullish(),
    paymentId: z.string().nullish(),
  }),
});

const Found = z.object({
  data: z.array(z.intersection(Payment, z.object({ merchantReference: z.string() }))),
});

const KEY_IN_PROGRESS = 409;

/** Billing rules: "What an attempt can end as". Whatever is not understood is unknown, never declined. */
export function chargeAnswer(exchange: Exchange): ChargeEvidence {
  if ('failure' in exchange) return noAnswer(exchange);
  if (exchange.status === 201) return paymentEvidence(exchange.json);
  if (exchange.status === 402) return declinedEvidence(exchange.json);
  if (exchange.status === KEY_IN_PROGRESS) {
    return { outcome: 'unknown', detail: 'the same key is in progress' };
  }
  return unusual(exchange);
}

/** Nothing that an enquiry fails with says anything about the charge; nor does another's payment. */
export function enquiryAnswer(exchange: Exchange, reference: string): ChargeEvidence {
  if ('failure' in exchange) return { outcome: 'unknown', detail: exchange.failure };
  const found = Found.safeParse(exchange.json);
  if (exchange.status !== 200 || !found.success) {
    return { outcome: 'unknown', detail: `enquiry answered ${exchange.status}` };
  }
  const { data } = found.data;
  if (data.some(({ merchantReference }) => merchantReference !== reference)) {
    return { outcome: 'unknown', detail: 'enquiry answered about other payments' };
  }
  const payment = data.find(({ status }) => status === 'succeeded') ?? data[0];
  return payment ? evidenceOf(payment) : { outcome: 'not_found' };
}

function paymentEvidence(json: unknown): ChargeEvidence {
  const payment = Payment.safeParse(json);
  if (!payment.success) return { outcome: 'unknown', detail: 'unreadable answer' };
  return evidenceOf(payment.data);
}

function evidenceOf(payment: z.output<typeof Payment>): ChargeEvidence {
  switch (payment.status) {
    case 'succeeded':
      return { outcome: 'succeeded', providerReference: payment.id };
    case 'processing':
      return { outcome: 'pending', providerReference: payment.id };
    case 'failed':
      return {
        outcome: 'declined',
        ...declineOf(payment.failure?.code),
        providerReference: payment.id,
      };
  }
}

function declinedEvidence(json: unknown): ChargeEvidence {
  const declined = Declined.safeParse(json);
  if (!declined.success) return { outcome: 'unknown', detail: 'unreadable decline' };
  const { declineCode, paymentId } = declined.data.error;
  return { outcome: 'declined', ...declineOf(declineCode), providerReference: paymentId ?? null };
}
