import type { Instant } from '@perennial/calendar';
import type { Money } from '@perennial/contracts';
import type { ChargeEvidence, RefundEvidence } from '../domain/evidence';
import type { ProviderSheet } from '../domain/moment';
import type { Attempt } from '../domain/payment';
import type { Refund } from '../domain/refund';

/** Moments by the provider's time of creation: `from` included, `to` not. */
export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

/** A charge or a refund as the provider's own books have it. */
export type Listed = ListedCharge | ListedRefund;

export interface ListedCharge {
  readonly kind: 'charge';
  readonly providerReference: string;
  /** Ours; null for one that was not made by us. */
  readonly reference: string | null;
  readonly amount: Money;
  /** What we would have made of it, had it come as an answer. */
  readonly evidence: ChargeEvidence;
}

export interface ListedRefund {
  readonly kind: 'refund';
  readonly providerReference: string;
  /** Ours; null for one from the provider's dashboard. */
  readonly reference: string | null;
  /** The provider's id of the charge that is refunded. */
  readonly paymentReference: string;
  readonly amount: Money;
  readonly evidence: RefundEvidence;
}

export type Listing =
  | {
      readonly outcome: 'listed';
      readonly items: readonly Listed[];
      /** Where the next page begins; null: this was the last. */
      readonly next: string | null;
    }
  | { readonly outcome: 'failed'; readonly detail: string; readonly waitMs: number | null };

/** How many calls a provider takes now, by the sheet and by what it has asked for. */
export interface Pace {
  /** Calls that may begin now. */
  available(): number;
  /** When the next may begin; null: now. */
  readyAt(): Instant | null;
  /** So many are about to begin: whoever decides to make a call takes it here first. */
  take(calls: number): void;
}

/**
 * One provider, spoken to in its own words and understood in ours. Nothing here throws for what the
 * network or the provider does, and no charge or refund is repeated that may have arrived: the rules
 * decide from the evidence.
 */
export interface Provider {
  readonly sheet: ProviderSheet;
  readonly pace: Pace;
  /** Sends the attempt's own body under its own key. */
  charge(attempt: Attempt): Promise<ChargeEvidence>;
  enquire(attempt: Attempt): Promise<ChargeEvidence>;
  /** `paymentReference`: the provider's id of the charge that is refunded. */
  refund(refund: Refund, paymentReference: string): Promise<RefundEvidence>;
  enquireRefund(refund: Refund, paymentReference: string): Promise<RefundEvidence>;
  /** One page of the provider's books, oldest first. `cursor` is a page's `next`; null: the first. */
  list(window: Window, cursor: string | null): Promise<Listing>;
}
