import type { Answer } from './giving';
import type { Refunded } from './refunding';

/** As Aurora words them, and under `/_sim` everybody. */
export const notFound = { error: { type: 'invalid_request', code: 'not_found' } };

export function invalidRequest(message: string) {
  return { error: { type: 'invalid_request', message } };
}

/** A copy: what is said once stays, though the refund goes on changing. */
export function refundAnswer(refund: Refunded): Answer {
  if (typeof refund !== 'string') return { status: 201, body: { ...refund } };
  const status = refund === 'refund_exceeds_payment' ? 400 : 409;
  return { status, body: { error: { type: 'invalid_request', code: refund } } };
}
