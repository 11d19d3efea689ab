import { CalendarDate, FirstCharge, Instant, Interval } from '@perennial/calendar';
import { z } from 'zod';
import { message } from './message';
import { Money } from './money';
import { EndReason, ProviderName } from './vocabulary';

const subscription = { subscriptionId: z.uuid(), customerId: z.uuid() };

/** The subject is the subscription. */
export const SubscriptionStarted = message('subscriptions.subscription-started.v1', {
  owner: 'subscriptions',
  when: 'a product was added',
  listeners: ['billing'],
  data: {
    ...subscription,
    productId: z.uuid(),
    productName: z.string(),
    quantity: z.int().positive(),
    /** Of one; a cycle's amount is price × quantity, as they stood on the day of purchase. */
    price: Money,
    interval: Interval,
    anchorDate: CalendarDate,
    firstCharge: FirstCharge,
    /** The local date on which it was registered here; an import owes nothing from before it. */
    registeredOn: CalendarDate,
    startedAt: Instant,
  },
});

/** The subject is the customer, the version the customer's. */
export const PaymentMethodChanged = message('subscriptions.payment-method-changed.v1', {
  owner: 'subscriptions',
  when: 'at registration and at each change of payment method, provider or combined charging',
  listeners: ['billing'],
  data: {
    customerId: z.uuid(),
    provider: ProviderName,
    /** The token of the card at the provider. */
    paymentMethod: z.string().min(1),
    combineCharges: z.boolean(),
    changedAt: Instant,
  },
});

const cancellation = { ...subscription, cancellationId: z.uuid() };

/** The subject is the subscription. */
export const CancellationScheduled = message('subscriptions.cancellation-scheduled.v1', {
  owner: 'subscriptions',
  when: 'a subscription will be cancelled on a date instead of being charged',
  listeners: ['billing', 'notifications'],
  data: {
    ...cancellation,
    productName: z.string(),
    on: CalendarDate,
    reason: EndReason,
    /** When it was accepted: a cycle whose charge time is later must not be charged. */
    acceptedAt: Instant,
  },
});

/** The subject is the subscription. */
export const CancellationRevoked = message('subscriptions.cancellation-revoked.v1', {
  owner: 'subscriptions',
  when: 'a scheduled cancellation was taken back',
  listeners: ['billing', 'notifications'],
  data: { ...cancellation, revokedAt: Instant },
});

/** The subject is the subscription. */
export const SubscriptionEnded = message('subscriptions.subscription-ended.v1', {
  owner: 'subscriptions',
  when: 'a subscription was cancelled or terminated',
  listeners: ['billing', 'notifications'],
  data: {
    ...subscription,
    productName: z.string(),
    status: z.enum(['cancelled', 'terminated']),
    reason: EndReason,
    endedAt: Instant,
    /** The payment that could not be collected, where that is the reason. */
    paymentId: z.uuid().nullable(),
    /** The scheduled cancellation that took effect with it; null or absent: none had been scheduled. */
    cancellationId: z.uuid().nullable().optional(),
  },
});

/** The subject is the customer. */
export const CustomerErased = message('subscriptions.customer-erased.v1', {
  owner: 'subscriptions',
  when: "a customer's personal data was erased",
  listeners: ['billing', 'notifications'],
  data: { customerId: z.uuid(), erasedAt: Instant },
});
