import type { Instant } from '@perennial/calendar';
import type { KnownRefundReason, Money, RefundOrigin } from '@perennial/contracts';

export type RefundStatus = 'pending' | 'succeeded' | 'failed';

/** What of a refund belongs to which subscription; null where nobody has said. */
export type Allocation = readonly { readonly subscriptionId: string; readonly amount: Money }[];

/** What we ask of the provider, fixed before it is first sent. */
export interface RefundRequest {
  readonly reference: string;
  readonly key: string;
  readonly body: string;
}

/** Money on its way back. Of one capture, since a payment can have been captured twice by mistake. */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly attemptId: string;
  readonly provider: string;
  readonly amount: Money;
  readonly reason: KnownRefundReason;
  readonly rawReason: string | null;
  readonly origin: RefundOrigin;
  readonly status: RefundStatus;
  readonly items: Allocation | null;
  /** Ours at the provider; null for one that was made in the provider's dashboard. */
  readonly request: RefundRequest | null;
  readonly providerReference: string | null;
  /** `to_send`: certainly not at the provider yet. Null once it is settled, and for one not of ours. */
  readonly delivery: 'to_send' | 'sent' | null;
  readonly nextActionAt: Instant | null;
  readonly firstSentAt: Instant | null;
  readonly lastSentAt: Instant | null;
  readonly sends: number;
  readonly enquiries: number;
  readonly createdAt: Instant;
  readonly settledAt: Instant | null;
  readonly version: number;
}

/** Refunds that took or may take money from this capture, in minor units. */
export function refundedMinor(refunds: readonly Refund[], attemptId: string): number {
  return refunds
    .filter((refund) => refund.attemptId === attemptId && refund.status !== 'failed')
    .reduce((sum, { amount }) => sum + amount.amountMinor, 0);
}
