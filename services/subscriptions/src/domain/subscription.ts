import type { CalendarDate, FirstCharge, Instant, Interval } from '@perennial/calendar';
import type { EndReason, Money } from '@perennial/contracts';
import type { Cancellation } from './cancellation';

/** What was bought: fixed on the day of purchase. */
export interface Purchase {
  readonly id: string;
  readonly customerId: string;
  readonly productId: string;
  readonly productName: string;
  readonly quantity: number;
  /** Of one. */
  readonly price: Money;
  readonly interval: Interval;
  readonly anchorDate: CalendarDate;
  readonly firstCharge: FirstCharge;
  /** The local date on which it was registered here; an import owes nothing from before it. */
  readonly registeredOn: CalendarDate;
  readonly createdAt: Instant;
  /** Rises with each change, by one for each message that tells of it. */
  readonly version: number;
}

/** The newest that billing told about collecting: of the payment with the latest billing date. */
export interface PaymentNews {
  readonly paymentId: string;
  readonly billingDate: CalendarDate;
  /** The payment's own version. */
  readonly version: number;
}

interface Cancellable {
  /** What the customer asked for. */
  readonly request: Cancellation | null;
  /** What the payment method's end brought; goes with a new payment method. */
  readonly card: Cancellation | null;
}

export type Active = Purchase &
  Cancellable & { readonly status: 'active'; readonly payment: PaymentNews | null };
/** A payment of it is being retried; service goes on. */
type PastDue = Purchase &
  Cancellable & { readonly status: 'past_due'; readonly payment: PaymentNews };
export type Live = Active | PastDue;

export type Cancelled = Purchase & {
  readonly status: 'cancelled';
  readonly endedAt: Instant;
  readonly endReason: Exclude<EndReason, 'payment_exhausted'>;
};
export type Terminated = Purchase & {
  readonly status: 'terminated';
  readonly endedAt: Instant;
  readonly endReason: 'payment_exhausted';
  /** The payment that could not be collected. */
  readonly paymentId: string;
};
export type Ended = Cancelled | Terminated;

export type Subscription = Live | Ended;

export function isLive(subscription: Subscription): subscription is Live {
  return subscription.status === 'active' || subscription.status === 'past_due';
}

export function purchaseOf({
  request: _,
  card: __,
  payment: ___,
  status: ____,
  ...rest
}: Live): Purchase {
  return rest;
}

export function started(purchase: Purchase): Active {
  return { ...purchase, status: 'active', request: null, card: null, payment: null };
}
