import { Currency } from '@perennial/contracts';
import { z } from 'zod';
import type { ChargeEvidence } from '../../domain/evidence';
import { type Answer, statusTrouble } from '../line/line';
import { type Trouble, trouble } from '../line/results';
import { declineOf } from './declines';

const Failure = z.object({ code: z.string() });

const facts = { id: z.string().min(1), amount: z.int().positive(), currency: Currency };

/** Only what is understood here: whatever else comes along may change. */
export const Payment = z.discriminatedUnion('status', [
  z.object({ status: z.literal('succeeded'), ...facts }),
  z.object({ status: z.literal('processing'), ...facts }),
  z.object({ status: z.literal('failed'), ...facts, failure: Failure.nullish() }),
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
export function chargeAnswer(answer: Answer): ChargeEvidence | Trouble {
  if (answer.status === 201) return paymentEvidence(answer.json);
  if (answer.status === 402) return declinedEvidence(answer.json);
  if (answer.status === KEY_IN_PROGRESS) return trouble('ambiguous', 'the same key is in progress');
  return auroraTrouble(answer);
}

/** Only work keeps an answer: a 5xx that comes again under its key may stand for a charge that was made. */
export function auroraTrouble(answer: Answer): Trouble {
  return statusTrouble(answer, { kept: answer.headers['idempotent-replayed'] === 'true' });
}

/** Nothing that an enquiry fails with says anything about the charge; nor does another's payment. */
export function enquiryAnswer(answer: Answer, reference: string): ChargeEvidence | Trouble {
  const found = Found.safeParse(answer.json);
  if (answer.status !== 200 || !found.success) return statusTrouble(answer);
  const { data } = found.data;
  if (data.some(({ merchantReference }) => merchantReference !== reference)) {
    return trouble('ambiguous', 'enquiry answered about other payments');
  }
  const payment = data.find(({ status }) => status === 'succeeded') ?? data[0];
  return payment ? evidenceOf(payment) : { outcome: 'not_found' };
}

function paymentEvidence(json: unknown): ChargeEvidence | Trouble {
  const payment = Payment.safeParse(json);
  return payment.success ? evidenceOf(payment.data) : trouble('unreadable answer');
}

export function evidenceOf(payment: z.output<typeof Payment>): ChargeEvidence {
  const { amount: amountMinor, currency, id: providerReference } = payment;
  switch (payment.status) {
    case 'succeeded':
      return { outcome: 'succeeded', providerReference, amount: { amountMinor, currency } };
    case 'processing':
      return { outcome: 'pending', providerReference };
    case 'failed':
      return { outcome: 'declined', ...declineOf(payment.failure?.code), providerReference };
  }
}

function declinedEvidence(json: unknown): ChargeEvidence | Trouble {
  const declined = Declined.safeParse(json);
  if (!declined.success) return trouble('unreadable answer', 'unreadable decline');
  const { declineCode, paymentId } = declined.data.error;
  return { outcome: 'declined', ...declineOf(declineCode), providerReference: paymentId ?? null };
}
