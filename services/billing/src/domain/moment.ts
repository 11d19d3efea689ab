import type { BillingTime, CalendarDate, Instant } from '@perennial/calendar';
import type { DeclineReason, Money } from '@perennial/contracts';

/** What the rules can be told by settings. */
export interface Rules {
  readonly time: BillingTime;
  /** A cycle that is first found due more than this many days late is waived. */
  readonly catchUpMaxDays: number;
  readonly nonRetryable: readonly DeclineReason[];
}

/** What the rules must know of a provider; declared by its adapter. */
export interface ProviderSheet {
  /** How long the provider remembers an idempotency key, from the first send; null: for ever. */
  readonly keyLifetimeMs: number | null;
  /** How long after a charge an enquiry may still say "not found". */
  readonly enquiryLagMs: number;
  /** The exact text of the request, fixed before it is first sent. */
  chargeBody(facts: {
    reference: string;
    amount: Money;
    paymentMethod: string;
    at: Instant;
  }): string;
  refundBody(facts: {
    reference: string;
    amount: Money;
    reason: string;
    paymentReference: string;
  }): string;
}

/** Everything that a decision may depend on besides the account itself. */
export interface Moment {
  readonly now: Instant;
  /** The local date of `now`. */
  readonly today: CalendarDate;
  readonly rules: Rules;
  readonly newId: () => string;
  sheetOf(provider: string): ProviderSheet;
}
