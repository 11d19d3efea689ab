import { type DeclineReason, RefundReason } from '@perennial/contracts';
import { translate } from '../vocabulary';

const DECLINES: ReadonlyMap<string, DeclineReason> = new Map([
  ['insufficient_funds', 'insufficient_funds'],
  ['expired_card', 'card_expired'],
  ['do_not_honor', 'do_not_honor'],
  ['card_declined', 'do_not_honor'],
  ['fraud_suspected', 'suspected_fraud'],
  ['processing_error', 'processing_error'],
]);

/** Aurora's words for refunds are ours. */
const REFUNDS = new Map(RefundReason.options.map((reason) => [String(reason), reason]));

export function declineReason(code: string) {
  return translate(code, DECLINES);
}

export function refundReason(word: string) {
  return translate(word, REFUNDS);
}
