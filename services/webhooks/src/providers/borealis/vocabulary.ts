import type { CardUnavailableCause, DeclineReason, RefundReason } from '@perennial/contracts';
import { translate } from '../vocabulary';

/** Its words, and its codes, which it uses for the same. */
const DECLINES: ReadonlyMap<string, DeclineReason> = new Map([
  ['INSUFF', 'insufficient_funds'],
  ['51', 'insufficient_funds'],
  ['EXPCARD', 'card_expired'],
  ['54', 'card_expired'],
  ['DNH', 'do_not_honor'],
  ['05', 'do_not_honor'],
  ['FRD', 'suspected_fraud'],
  ['59', 'suspected_fraud'],
  ['96', 'processing_error'],
]);

const REFUNDS: ReadonlyMap<string, RefundReason> = new Map([
  ['CUST', 'requested_by_customer'],
  ['DUPL', 'duplicate'],
  ['FRAUD', 'fraudulent'],
  ['NOSVC', 'service_not_provided'],
]);

export function declineReason(word: string) {
  return translate(word, DECLINES);
}

export function refundReason(code: string) {
  return translate(code, REFUNDS);
}

export const CARD_CAUSES: Record<'E' | 'C', CardUnavailableCause> = {
  E: 'expired',
  C: 'cancelled',
};
