import type { DeclineReason } from '@perennial/contracts';
import type { SettledBy } from './payment';

/** What a provider lets us know about a charge, in the one vocabulary of all providers. */
export type ChargeEvidence =
  | { readonly outcome: 'succeeded'; readonly providerReference: string }
  | {
      readonly outcome: 'declined';
      readonly reason: DeclineReason;
      /** The provider's own word, where it is none that we know. */
      readonly rawReason: string | null;
      readonly providerReference: string | null;
    }
  | { readonly outcome: 'pending'; readonly providerReference: string | null }
  /** The answer is lost, unreadable or ambiguous: the money may have moved. */
  | { readonly outcome: 'unknown'; readonly detail: string }
  /** Certainly before any work. `waitMs`: how long the provider asks us to wait. */
  | { readonly outcome: 'not_sent'; readonly detail: string; readonly waitMs: number | null }
  /** Only an enquiry says so. */
  | { readonly outcome: 'not_found' }
  /** The provider calls the request itself wrong: ours to mend. */
  | { readonly outcome: 'refused'; readonly detail: string };

export type RefundEvidence =
  | { readonly outcome: 'succeeded'; readonly providerReference: string }
  | { readonly outcome: 'failed'; readonly providerReference: string | null }
  | { readonly outcome: 'pending'; readonly providerReference: string | null }
  | { readonly outcome: 'unknown'; readonly detail: string }
  | { readonly outcome: 'not_sent'; readonly detail: string; readonly waitMs: number | null }
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'refused'; readonly detail: string };

/** By which way evidence came. */
export type Source = SettledBy;
