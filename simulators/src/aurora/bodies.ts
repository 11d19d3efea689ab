import type { Response } from 'express';
import type { Payment } from './books';
import type { Answer } from './idempotency';
import type { Refunded } from './refunding';

export const notFound = { error: { type: 'invalid_request', code: 'not_found' } };
export const serverError: Answer = { status: 500, body: { error: { type: 'api_error' } } };

export function invalidRequest(message: string) {
  return { error: { type: 'invalid_request', message } };
}

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

export function refundAnswer(refund: Refunded): Answer {
  if (typeof refund !== 'string') return { status: 201, body: refund };
  const status = refund === 'refund_exceeds_payment' ? 400 : 409;
  return { status, body: { error: { type: 'invalid_request', code: refund } } };
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

/** Undefined: not JSON. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
