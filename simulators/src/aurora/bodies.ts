import type { Response } from 'express';
import type { Payment } from '../books';
import type { Answer } from '../giving';

export const serverError: Answer = { status: 500, body: { error: { type: 'api_error' } } };

/** A copy: what is said once stays, though the payment goes on changing. */
export function chargeAnswer(payment: Payment): Answer {
  if (payment.status !== 'failed') return { status: 201, body: { ...payment } };
  const { failure, id: paymentId } = payment;
  const error = {
    type: 'card_error',
    code: 'card_declined',
    declineCode: failure?.code,
    message: failure?.message,
    paymentId,
  };
  return { status: 402, body: { error } };
}

export function replay(response: Response, taken: Answer | 'in progress' | 'other body'): void {
  if (taken === 'in progress') {
    response.status(409).json({ error: { type: 'idempotency_error', code: 'key_in_progress' } });
  } else if (taken === 'other body') {
    response.status(422).json({ error: { type: 'idempotency_error', code: 'key_reused' } });
  } else {
    response.setHeader('Idempotent-Replayed', 'true');
    response.status(taken.status).json(taken.body);
  }
}
