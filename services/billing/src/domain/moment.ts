import type { BillingTime, CalendarDate, Instant } from '@perennial/calendar';
import type { DeclineReason, Money } from '@perennial/contracts';

/** What the rules can be told by settings. */
export interface Rules {
  readonly time: BillingTime;
  /** A cycle that is first found due more than this many days late is waived. */
  readonly catchUpMaxDays: number;
  readonly nonRetryable: readonly DeclineReason[];
}

/** What the rules must know of a provider; declared by its adapter, held by the conformance kit. */
export interface ProviderSheet {
  /** How long a key lives, from the first send that may have arrived; null: for ever. */
  readonly keyLifetimeMs: number | null;
  /** Whether an answer of 5xx is kept under its key, and given again to whoever sends it again. */
  readonly keepsServerErrors: boolean;
  /** How long after a charge or refund an enquiry may still say "not found". */
  readonly enquiryLagMs: number;
  /** How many calls a second it takes; null: it tells by itself when there are too many. */
  readonly callsPerSecond: number | null;
  /** How amounts are written in what is sent. */
  readonly amounts: 'minor units' | 'decimals';
  /** The longest reference that it takes, of `[0-9a-f]`. */
  readonly referenceLength: number;
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

/** Our own word for one charge or refund: of an id the end, because ids of one millisecond begin alike. */
export function referenceOf(id: string, { referenceLength }: ProviderSheet): string {
  return id.replaceAll('-', '').slice(-referenceLength);
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
