import { z } from 'zod';
import { message } from './message';
import { Money } from './money';
import { CardUnavailableCause, DeclineReason, KnownRefundReason, ProviderName } from './vocabulary';

/** Facts that every provider event has. */
const event = {
  provider: ProviderName,
  /** The provider's own id of the event: the same event has the same id however often it is told. */
  eventId: z.string().min(1),
  /** The provider's time of the event. */
  occurredAt: z.iso.datetime(),
};

const payment = {
  ...event,
  /** Our reference of the attempt, as the provider gives it back. */
  reference: z.string().min(1),
  /** The provider's own id of the charge. */
  providerReference: z.string().min(1),
  amount: Money,
};

/** The subject is our reference of the attempt; the version is the provider's sequence number. */
export const PaymentOutcome = message('provider.payment-outcome.v1', {
  owner: 'webhooks',
  when: 'a provider told the outcome of a payment',
  listeners: ['billing'],
  data: {
    ...payment,
    outcome: z.enum(['success', 'failure']),
    /** Null with a success. */
    reason: DeclineReason.nullable(),
    /** The provider's own word, where it is none that we know. */
    rawReason: z.string().nullable(),
  },
});

/** The subject is the provider's id of the payment. */
export const ProviderRefund = message('provider.refund.v1', {
  owner: 'webhooks',
  when: 'a provider told of a refund',
  listeners: ['billing'],
  data: {
    ...event,
    outcome: z.enum(['success', 'failure']),
    /** Our reference of the refund when we started it; null for one from the provider's dashboard. */
    reference: z.string().min(1).nullable(),
    /** The provider's own id of the refund. */
    providerReference: z.string().min(1),
    /** The provider's own id of the charge that is refunded. */
    paymentProviderReference: z.string().min(1),
    /** Null: all that is left. */
    amount: Money.nullable(),
    reason: KnownRefundReason,
    rawReason: z.string().nullable(),
  },
});

/** The subject is the payment method's reference at the provider. */
export const CardUnavailable = message('provider.card-unavailable.v1', {
  owner: 'webhooks',
  when: 'a card expired or was cancelled',
  listeners: ['billing', 'subscriptions'],
  data: { ...event, paymentMethod: z.string().min(1), cause: CardUnavailableCause },
});
