import type { Instant } from '@perennial/calendar';
import type { Acknowledged } from './acknowledged';

export const PROVIDERS = ['aurora', 'borealis'] as const;
export type ProviderName = (typeof PROVIDERS)[number];
export const SERVICES = ['subscriptions', 'billing', 'webhooks', 'notifications'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** A request took effect somewhere between its first sending and its answer. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

export interface Price {
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * What somebody did, and what was answered. Only what was accepted is here; a request that was not
 * answered is sent again under its key until it is. `person` counts the customers from 0. `uncertain`:
 * nobody ever said whether it took effect.
 */
export type Deed = { readonly person: number; readonly uncertain?: true } & (
  | (Span & {
      readonly kind: 'registered';
      readonly customerId: string;
      /** Of the person, in full. */
      readonly name: string;
      readonly provider: ProviderName;
      readonly paymentMethod: string;
      readonly combineCharges: boolean;
    })
  | (Span & {
      readonly kind: 'subscribed';
      readonly customerId: string;
      readonly subscriptionId: string;
      readonly productName: string;
      readonly quantity: number;
      readonly interval: 'monthly' | 'quarterly' | 'annual';
      /** Of one. */
      readonly price: Price;
      readonly purchasedAt: Instant;
      readonly firstCharge: 'anniversary' | 'purchase';
    })
  /** A new card, perhaps at the other provider. */
  | (Span & {
      readonly kind: 'card-replaced';
      readonly customerId: string;
      readonly provider: ProviderName;
      readonly paymentMethod: string;
    })
  | (Span & {
      readonly kind: 'cancelled';
      readonly subscriptionId: string;
      readonly when: 'next_billing_date' | 'now';
    })
  | (Span & { readonly kind: 'cancellation-revoked'; readonly subscriptionId: string })
  | (Span & { readonly kind: 'erased'; readonly customerId: string })
  /** Here, by an operator. */
  | (Span & {
      readonly kind: 'refund-asked';
      readonly paymentId: string;
      readonly refundId: string;
      readonly amountMinor: number;
    })
  /** At the provider, who tells it by webhook. */
  | {
      readonly kind: 'card-lost';
      readonly at: Instant;
      readonly provider: ProviderName;
      readonly paymentMethod: string;
      readonly cause: 'expired' | 'cancelled';
    }
  | {
      readonly kind: 'refunded-in-dashboard';
      readonly at: Instant;
      readonly provider: ProviderName;
      /** Of the charge, the provider's. */
      readonly chargeId: string;
      readonly amountMinor: number;
    }
);

export const NO_ANSWER = 'no answer';

/** What was asked and not done, as far as anybody was told. */
export interface Refused {
  readonly person: number;
  /** As in `cancel`. */
  readonly what: string;
  readonly path: string;
  readonly body: unknown;
  /** Of the last answer. Null: there was none. */
  readonly status: number | null;
  /** NO_ANSWER: none that settles it, for days. */
  readonly code: string;
  /** It may have taken effect all the same. */
  readonly uncertain: boolean;
  /** When it was first sent. */
  readonly from: Instant;
  readonly at: Instant;
}

/** A call of billing that moves money or would, as it went over the wire. */
export interface Call {
  readonly provider: ProviderName;
  readonly kind: 'charge' | 'refund' | 'enquiry';
  /** When it was sent. */
  readonly at: Instant;
  /** The idempotency key; Borealis' is its reference. */
  readonly key: string;
  /** Ours, of the attempt or the refund. */
  readonly reference: string;
  readonly body: string;
  /** Whether the provider got it. */
  arrived: boolean;
  /** The status and body that the provider answered, whether or not that got through. */
  answer: string | null;
  /** Whether the answer got through as it was given. */
  heard: boolean;
}

/** A mail that the CRM took; the same key counts once. */
export interface Mail {
  readonly at: Instant;
  readonly key: string;
  readonly to: string;
  readonly template: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A charge in the provider's own books. */
export interface BookedCharge {
  readonly id: string;
  readonly merchantReference: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly status: 'processing' | 'succeeded' | 'failed';
  readonly createdAt: Instant;
  /** When its status was last decided. */
  readonly updatedAt: Instant;
}

export interface BookedRefund {
  readonly id: string;
  /** The provider's id of the charge. */
  readonly paymentId: string;
  /** Ours; null: made in the dashboard. */
  readonly merchantReference: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly createdAt: Instant;
}

export interface Books {
  readonly charges: readonly BookedCharge[];
  readonly refunds: readonly BookedRefund[];
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * A message as it was given to the carrier: once more for each time that it was published again. In a
 * torture, as it came into the outbox.
 */
export interface CarriedMessage {
  readonly at: Instant;
  readonly from: ServiceName;
  /** The envelope, as JSON. */
  readonly body: string;
}

/** A message of which a service has taken care: it was handled, or its failure is written down. */
export interface TakenMessage {
  readonly at: Instant;
  readonly by: ServiceName;
  readonly id: string;
}

/** Time in which a process of a service stood still or was dead, or its database was away. */
export interface Pause extends Span {
  readonly service: ServiceName;
}

/**
 * All that is known of a run from outside: the providers' books, what was told to whom, and the tables
 * as rows. The oracle judges by this alone, so that it can judge processes on real servers as well.
 */
export interface RunRecord {
  readonly startedAt: Instant;
  readonly now: Instant;
  /** When the faults ended: since then all is there and all clocks are right. Null: not yet, or nobody knows. */
  readonly healedAt: Instant | null;
  readonly deeds: readonly Deed[];
  readonly refusals: readonly Refused[];
  readonly calls: readonly Call[];
  readonly mails: readonly Mail[];
  /** In the order in which they were published. Null: nobody listened to the carrier. */
  readonly messages: readonly CarriedMessage[] | null;
  /** Once more for each time that it was delivered. Empty, where nobody watches the processes. */
  readonly taken: readonly TakenMessage[];
  readonly pauses: readonly Pause[];
  readonly books: Readonly<Record<ProviderName, Books>>;
  readonly acknowledged: readonly Acknowledged[];
  tables(service: ServiceName): Promise<readonly string[]>;
  /** Columns in camelCase. */
  rows(service: ServiceName, sql: string): Promise<readonly Row[]>;
}
