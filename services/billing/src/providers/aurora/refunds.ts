import { Currency } from '@perennial/contracts';
import { z } from 'zod';
import type { RefundEvidence } from '../../domain/evidence';
import { type Answer, statusTrouble } from '../line/line';
import { type Trouble, trouble } from '../line/results';
import { auroraTrouble } from './charges';

export const Refund = z.object({
  id: z.string().min(1),
  amount: z.int().positive(),
  currency: Currency,
  status: z.enum(['pending', 'succeeded', 'failed']),
});
const Found = z.object({
  data: z.array(Refund.extend({ merchantReference: z.string().nullable() })),
});
const Refused = z.object({ error: z.object({ code: z.string() }) });

const CONFLICT = 409;
const KEY_HAD_ANOTHER_BODY = 422;

export function refundAnswer(answer: Answer): RefundEvidence | Trouble {
  if (answer.status === 201) {
    const refund = Refund.safeParse(answer.json);
    return refund.success ? refundEvidenceOf(refund.data) : trouble('unreadable answer');
  }
  if (answer.status === CONFLICT) return conflict(answer.json);
  // Something has gone back under this key: only an enquiry tells what.
  if (answer.status === KEY_HAD_ANOTHER_BODY)
    return trouble('ambiguous', 'the key had another body');
  return auroraTrouble(answer);
}

export function refundEnquiryAnswer(answer: Answer, reference: string): RefundEvidence | Trouble {
  const found = Found.safeParse(answer.json);
  if (answer.status !== 200 || !found.success) return statusTrouble(answer);
  const { data } = found.data;
  if (data.some(({ merchantReference }) => merchantReference !== reference)) {
    return trouble('ambiguous', 'enquiry answered about other refunds');
  }
  const [refund] = data;
  return refund ? refundEvidenceOf(refund) : { outcome: 'not_found' };
}

/** 409 is either a refund that cannot be, or the same key still at work. */
function conflict(json: unknown): Trouble {
  const refused = Refused.safeParse(json);
  return refused.success && refused.data.error.code === 'payment_not_refundable'
    ? trouble('rejected', 'payment_not_refundable')
    : trouble('ambiguous', 'the same key is in progress');
}

export function refundEvidenceOf(refund: z.output<typeof Refund>): RefundEvidence {
  const { id: providerReference, amount: amountMinor, currency, status } = refund;
  return status === 'succeeded'
    ? { outcome: status, providerReference, amount: { amountMinor, currency } }
    : { outcome: status, providerReference };
}
