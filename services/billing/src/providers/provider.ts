import type { ChargeEvidence, RefundEvidence } from '../domain/evidence';
import type { ProviderSheet } from '../domain/moment';
import type { Attempt } from '../domain/payment';
import type { Refund } from '../domain/refund';

/**
 * One provider, spoken to in its own words and understood in ours. Nothing here throws for what the
 * network or the provider does, and nothing is repeated: the rules decide from the evidence.
 */
export interface Provider {
  readonly sheet: ProviderSheet;
  /** Sends the attempt's own body under its own key. */
  charge(attempt: Attempt): Promise<ChargeEvidence>;
  enquire(attempt: Attempt): Promise<ChargeEvidence>;
  /** `paymentReference`: the provider's id of the charge that is refunded. */
  refund(refund: Refund, paymentReference: string): Promise<RefundEvidence>;
  enquireRefund(refund: Refund): Promise<RefundEvidence>;
}
