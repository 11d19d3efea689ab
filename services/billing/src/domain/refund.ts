import type { Instant } from '@perennial/calendar';
import type { KnownRefundReason, Money, RefundOrigin } from '@perennial/contracts';
import { type Moment, referenceOf } from './moment';
import type { Attempt, Payment } from './payment';

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
  /** While it is pending: the provider has accepted it. */
  readonly providerReference: string | null;
  /** `to_send`: certainly not at the provider. Null once it is settled, and for one not of ours. */
  readonly delivery: 'to_send' | 'sent' | null;
  readonly nextActionAt: Instant | null;
  /** The first send of the request that may have arrived: the provider's key lives from then. */
  readonly firstSentAt: Instant | null;
  readonly lastSentAt: Instant | null;
  readonly sends: number;
  /** How far up the ladder of enquiries it is: begins anew when the provider has accepted it. */
  readonly enquiries: number;
  readonly createdAt: Instant;
  readonly settledAt: Instant | null;
  readonly version: number;
}

/** Of a capture, before anything is known of it. */
export function blankRefund(payment: Payment, attempt: Attempt, { now }: Moment) {
  return {
    paymentId: payment.id,
    attemptId: attempt.id,
    provider: attempt.provider,
    rawReason: null,
    status: 'pending',
    request: null,
    providerReference: null,
    delivery: null,
    nextActionAt: null,
    firstSentAt: null,
    lastSentAt: null,
    sends: 0,
    enquiries: 0,
    createdAt: now,
    settledAt: null,
    version: 0,
  } as const;
}

/** One reference and one key have one body, for ever. */
export function requestFor(
  id: string,
  { provider, providerReference }: Pick<Attempt, 'provider' | 'providerReference'>,
  { amount, reason }: Pick<Refund, 'amount' | 'reason'>,
  { sheetOf }: Moment,
): RefundRequest {
  const sheet = sheetOf(provider);
  const reference = referenceOf(id, sheet);
  const paymentReference = providerReference ?? '';
  return {
    reference,
    key: id,
    body: sheet.refundBody({ reference, amount, reason, paymentReference }),
  };
}

/** Refunds that took or may take money from this capture, in minor units. */
export function refundedMinor(refunds: readonly Refund[], attemptId: string): number {
  return refunds
    .filter((refund) => refund.attemptId === attemptId && refund.status !== 'failed')
    .reduce((sum, { amount }) => sum + amount.amountMinor, 0);
}
