import { type DeclineReason, type KnownRefundReason, RefundReason } from '@perennial/contracts';
import { maskCardDigits } from '../../domain/card-digits';

const DECLINES: ReadonlyMap<string, DeclineReason> = new Map([
  ['insufficient_funds', 'insufficient_funds'],
  ['expired_card', 'card_expired'],
  ['do_not_honor', 'do_not_honor'],
  ['card_declined', 'do_not_honor'],
  ['fraud_suspected', 'suspected_fraud'],
  ['processing_error', 'processing_error'],
]);

const MAX_RAW_LENGTH = 64;

/** A reason in our words; the provider's own beside it only where it is none that we know. */
interface Translated<Reason> {
  readonly reason: Reason;
  readonly rawReason: string | null;
}

export function declineReason(code: string): Translated<DeclineReason> {
  const reason = DECLINES.get(code);
  return reason ? { reason, rawReason: null } : { reason: 'unknown', rawReason: raw(code) };
}

export function refundReason(word: string): Translated<KnownRefundReason> {
  const reason = RefundReason.safeParse(word);
  return reason.success
    ? { reason: reason.data, rawReason: null }
    : { reason: 'unknown', rawReason: raw(word) };
}

function raw(word: string): string {
  return maskCardDigits(word).slice(0, MAX_RAW_LENGTH);
}
