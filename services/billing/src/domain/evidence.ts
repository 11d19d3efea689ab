import type { Instant } from '@perennial/calendar';
import type { DeclineReason, Money } from '@perennial/contracts';
import type { SettledBy } from './payment';

/** What a provider lets us know about a charge, in the one vocabulary of all providers. */
export type ChargeEvidence =
  | {
      readonly outcome: 'succeeded';
      readonly providerReference: string;
      /** What was taken; absent where it was not said. */
      readonly amount?: Money;
    }
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
  | NotSent
  /** Only an enquiry says so. */
  | { readonly outcome: 'not_found' }
  /** The provider calls the request itself wrong: ours to mend. */
  | { readonly outcome: 'refused'; readonly detail: string };

/** Certainly before any work. */
export interface NotSent {
  readonly outcome: 'not_sent';
  readonly detail: string;
  /** How long the provider asks us to wait. */
  readonly waitMs: number | null;
  /** Whether the provider has seen the request, so that its key may live from now on. */
  readonly arrived: boolean;
}

export type RefundEvidence =
  | {
      readonly outcome: 'succeeded';
      readonly providerReference: string;
      /** What went back; absent where it was not said. */
      readonly amount?: Money;
    }
  | { readonly outcome: 'failed'; readonly providerReference: string | null }
  | { readonly outcome: 'pending'; readonly providerReference: string | null }
  | { readonly outcome: 'unknown'; readonly detail: string }
  | NotSent
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'refused'; readonly detail: string };

/** How far an attempt or refund was when the provider was asked about it: an answer is to that. */
export interface Asked {
  /** The end of the lease under which it was asked. */
  readonly nextActionAt: Instant | null;
  readonly sends: number;
  readonly enquiries: number;
}

/** Somebody has taken it up since: what was heard before says nothing about what was done after. */
export function hasMovedOn(now: Asked, asked: Asked | null): boolean {
  if (asked === null) return false;
  return (
    asked.nextActionAt !== now.nextActionAt ||
    asked.sends !== now.sends ||
    asked.enquiries !== now.enquiries
  );
}

/** What is said of the latest send stays true, however late it is heard. */
export function isAboutLatestSend(now: Asked, asked: Asked | null): boolean {
  return asked === null || asked.sends === now.sends;
}

/** By which way evidence came. */
export type Source = SettledBy;
