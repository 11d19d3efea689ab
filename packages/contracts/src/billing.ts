import { CalendarDate, Instant } from '@perennial/calendar';
import { z } from 'zod';
import { message } from './message';
import { Money } from './money';
import {
  DeclineReason,
  DiscrepancyKind,
  KnownRefundReason,
  ProviderName,
  RefundOrigin,
} from './vocabulary';

const payment = {
  paymentId: z.uuid(),
  customerId: z.uuid(),
  provider: ProviderName,
  billingDate: CalendarDate,
  amount: Money,
};

const item = z.object({
  subscriptionId: z.uuid(),
  cycle: z.int().nonnegative(),
  productName: z.string(),
  quantity: z.int().positive(),
  amount: Money,
  /** The billing date after this cycle's. */
  nextBillingDate: CalendarDate,
});

/** The subject is the payment, the version the payment's. */
export const PaymentSucceeded = message('billing.payment-succeeded.v1', {
  owner: 'billing',
  when: 'money is there',
  listeners: ['subscriptions', 'notifications'],
  data: { ...payment, items: z.array(item), succeededAt: Instant },
});

/** The subject is the payment. Only declines that are tried again: the last one is payment-exhausted. */
export const PaymentDeclined = message('billing.payment-declined.v1', {
  owner: 'billing',
  when: 'a charge was declined and will be tried again',
  listeners: ['subscriptions', 'notifications'],
  data: {
    ...payment,
    items: z.array(item),
    attempt: z.int().positive(),
    reason: DeclineReason,
    nextAttemptOn: CalendarDate,
    declinedAt: Instant,
  },
});

/** The subject is the payment. Every subscription in it is terminated. */
export const PaymentExhausted = message('billing.payment-exhausted.v1', {
  owner: 'billing',
  when: 'the last charge of grace was declined',
  listeners: ['subscriptions', 'notifications'],
  data: {
    ...payment,
    items: z.array(item),
    attempt: z.int().positive(),
    reason: DeclineReason,
    exhaustedAt: Instant,
  },
});

/** The subject is the subscription. */
export const CycleSkipped = message('billing.cycle-skipped.v1', {
  owner: 'billing',
  when: 'a cycle is not charged, and its subscription ends: card unavailable, or cancellation due',
  listeners: ['subscriptions'],
  data: {
    subscriptionId: z.uuid(),
    customerId: z.uuid(),
    cycle: z.int().nonnegative(),
    billingDate: CalendarDate,
    reason: z.enum(['card_expired', 'card_cancelled', 'cancellation_due']),
    skippedAt: Instant,
  },
});

const attempt = { attemptId: z.uuid(), paymentId: z.uuid(), customerId: z.uuid() };

/** The subject is the attempt. While one is unresolved the customer's provider cannot be switched. */
export const AttemptUnresolved = message('billing.attempt-unresolved.v1', {
  owner: 'billing',
  when: 'a charge was sent and its outcome is pending or unknown',
  listeners: ['subscriptions'],
  data: { ...attempt, status: z.enum(['pending', 'unknown']), since: Instant },
});

/** The subject is the attempt. */
export const AttemptResolved = message('billing.attempt-resolved.v1', {
  owner: 'billing',
  when: 'the outcome of an unresolved charge became known',
  listeners: ['subscriptions'],
  data: { ...attempt, resolvedAt: Instant },
});

/** The subject is the refund. */
export const PaymentRefunded = message('billing.payment-refunded.v1', {
  owner: 'billing',
  when: 'money went back to the customer',
  listeners: ['notifications'],
  data: {
    refundId: z.uuid(),
    paymentId: z.uuid(),
    customerId: z.uuid(),
    amount: Money,
    reason: KnownRefundReason,
    origin: RefundOrigin,
    productNames: z.array(z.string()),
    refundedAt: Instant,
  },
});

/** The subject is the discrepancy. Nobody has to hear it: operators read it over HTTP. */
export const DiscrepancyOpened = message('billing.discrepancy-opened.v1', {
  owner: 'billing',
  when: 'something does not agree and a person has to look',
  listeners: [],
  data: {
    discrepancyId: z.uuid(),
    kind: DiscrepancyKind,
    provider: ProviderName,
    paymentId: z.uuid().nullable(),
    openedAt: Instant,
  },
});
