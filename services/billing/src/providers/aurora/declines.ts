import type { DeclineReason } from '@perennial/contracts';

const REASONS: Readonly<Record<string, DeclineReason>> = {
  insufficient_funds: 'insufficient_funds',
  expired_card: 'card_expired',
  card_declined: 'do_not_honor',
  do_not_honor: 'do_not_honor',
  fraud_suspected: 'suspected_fraud',
  processing_error: 'processing_error',
};

/** `rawReason` is Aurora's own word, kept where it is none that we know. */
export function declineOf(code: string | null | undefined): {
  reason: DeclineReason;
  rawReason: string | null;
} {
  const reason = code && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (reason) return { reason, rawReason: null };
  return { reason: 'unknown', rawReason: code?.slice(0, 255) ?? null };
}
