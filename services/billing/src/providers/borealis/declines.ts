import type { DeclineReason } from '@perennial/contracts';

const REASONS: Readonly<Record<string, DeclineReason>> = {
  INSUFF: 'insufficient_funds',
  EXPCARD: 'card_expired',
  DNH: 'do_not_honor',
  FRD: 'suspected_fraud',
  // Answered, it leaves everything open; as the reason of a decline it is one.
  '96': 'processing_error',
};

interface Decline {
  readonly reason: DeclineReason;
  /** The bank's own word, where it is none that we know. */
  readonly rawReason: string | null;
}

/**
 * Where `rsn` is given it decides alone, as it does in enquiries and webhooks, which have no rc: all
 * three must call one decline by one name.
 */
export function declineOf(
  rsn: string | null | undefined,
  byRc: { readonly reason: DeclineReason; readonly rc: string } | null,
): Decline {
  const reason = rsn && Object.hasOwn(REASONS, rsn) ? REASONS[rsn] : undefined;
  if (reason) return { reason, rawReason: null };
  if (rsn) return { reason: 'unknown', rawReason: rsn.slice(0, 255) };
  if (!byRc) return { reason: 'unknown', rawReason: null };
  return { reason: byRc.reason, rawReason: byRc.reason === 'unknown' ? byRc.rc : null };
}
