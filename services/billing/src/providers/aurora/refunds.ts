import { z } from 'zod';
import type { RefundEvidence } from '../../domain/evidence';
import type { Exchange } from './client';
import { noAnswer, unusual } from './no-answer';

const Refund = z.object({
  id: z.string().min(1),
  status: z.enum(['pending', 'succeeded', 'failed']),
});
const Found = z.object({
  data: z.array(Refund.extend({ merchantReference: z.string().nullable() })),
});
const Refused = z.object({ error: z.object({ code: z.string() }) });

const CONFLICT = 409;

export function refundAnswer(exchange: Exchange): RefundEvidence {
  if ('failure' in exchange) return noAnswer(exchange);
  if (exchange.status === 201) {
    const refund = Refund.safeParse(exchange.json);
    return refund.success
      ? evidenceOf(refund.data)
      : { outcome: 'unknown', detail: 'unreadable answer' };
  }
  if (exchange.status === CONFLICT) return conflict(exchange.json);
  return unusual(exchange);
}

export function refundEnquiryAnswer(exchange: Exchange, reference: string): RefundEvidence {
  if ('failure' in exchange) return { outcome: 'unknown', detail: exchange.failure };
  const found = Found.safeParse(exchange.json);
  if (exchange.status !== 200 || !found.success) {
    return { outcome: 'unknown', detail: `enquiry answered ${exchange.status}` };
  }
  const { data } = found.data;
  if (data.some(({ merchantReference }) => merchantReference !== reference)) {
    return { outcome: 'unknown', detail: 'enquiry answered about other refunds' };
  }
  const [refund] = data;
  return refund ? evidenceOf(refund) : { outcome: 'not_found' };
}

/** 409 is either a refund that cannot be, or the same key still at work. */
function conflict(json: unknown): RefundEvidence {
  const refused = Refused.safeParse(json);
  return refused.success && refused.data.error.code === 'payment_not_refundable'
    ? { outcome: 'refused', detail: 'payment_not_refundable' }
    : { outcome: 'unknown', detail: 'the same key is in progress' };
}

function evidenceOf({ id, status }: z.output<typeof Refund>): RefundEvidence {
  return { outcome: status, providerReference: id };
}
