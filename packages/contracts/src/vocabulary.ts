import { z } from 'zod';

/** A registered provider's name. Open on purpose: a further provider changes no contract. */
export const ProviderName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

/** Why a charge was refused, in the one vocabulary that all providers are translated to. */
export const DeclineReason = z.enum([
  'insufficient_funds',
  'card_expired',
  'do_not_honor',
  'suspected_fraud',
  'processing_error',
  'unknown',
]);
export type DeclineReason = z.infer<typeof DeclineReason>;

/** What a person can give as the reason of a refund. */
export const RefundReason = z.enum([
  'requested_by_customer',
  'duplicate',
  'fraudulent',
  'service_not_provided',
]);
export type RefundReason = z.infer<typeof RefundReason>;

/** A refund's reason as known here: one that a provider words differently is `unknown`. */
export const KnownRefundReason = z.enum([...RefundReason.options, 'unknown']);
export type KnownRefundReason = z.infer<typeof KnownRefundReason>;

export const RefundOrigin = z.enum(['operator', 'provider', 'automatic']);
export type RefundOrigin = z.infer<typeof RefundOrigin>;

export const CardUnavailableCause = z.enum(['expired', 'cancelled']);
export type CardUnavailableCause = z.infer<typeof CardUnavailableCause>;

/** Why a subscription will end, or has ended. */
export const EndReason = z.enum([
  'customer_request',
  'card_expired',
  'card_cancelled',
  'payment_exhausted',
  'customer_erased',
]);
export type EndReason = z.infer<typeof EndReason>;

export const DiscrepancyKind = z.enum([
  'missing_here',
  'missing_there',
  'amount_differs',
  'currency_differs',
  'status_differs',
  'duplicate_charge',
  'refund_differs',
  'late_success',
  'contradicting_outcome',
  'refund_exceeds_payment',
  'refund_unmatched',
  'event_unmatched',
  'provider_refused',
  'waived_cycle',
  'unknown_outcome',
  'charged_after_cancellation',
]);
export type DiscrepancyKind = z.infer<typeof DiscrepancyKind>;
