import { Interval } from '@perennial/calendar';
import { CardUnavailableCause, EndReason, Money } from '@perennial/contracts';
import { z } from 'zod';
import { nextBillingDate } from '../domain/billing-dates';
import { effectiveCancellation } from '../domain/cancellation';
import { type PaymentMethod, PersonalData, type RegisteredCustomer } from '../domain/customer';
import type { Moment } from '../domain/moment';
import { isLive, type Subscription } from '../domain/subscription';

/** The path of everything that has an id. */
export const Id = z.object({ id: z.uuid() });

/** A customer as somebody sees them who need not know who it is. */
export const AnonymousCustomer = z.object({
  id: z.uuid(),
  provider: z.string(),
  paymentMethod: z.object({
    reference: z.string(),
    unavailable: CardUnavailableCause.nullable(),
  }),
  combineCharges: z.boolean(),
  createdAt: z.iso.datetime(),
});

export const CustomerDocument = AnonymousCustomer.extend(PersonalData.shape);

export const ProductDocument = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string().nullable(),
  unitPrice: Money,
  createdAt: z.iso.datetime(),
});

export const SubscriptionDocument = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  productId: z.uuid(),
  quantity: z.int(),
  price: Money,
  interval: Interval,
  anchorDate: z.iso.date(),
  nextBillingDate: z.iso.date().nullable(),
  status: z.enum(['active', 'past_due', 'cancelled', 'terminated']),
  cancellation: z.object({ on: z.iso.date(), reason: EndReason }).nullable(),
  endedAt: z.iso.datetime().nullable(),
  endReason: EndReason.nullable(),
  createdAt: z.iso.datetime(),
});

export function anonymousDocument(
  { id, provider, paymentMethod, combineCharges, createdAt }: RegisteredCustomer,
  method: PaymentMethod | null,
): z.input<typeof AnonymousCustomer> {
  const unavailable = method?.unavailable?.cause ?? null;
  const card = { reference: paymentMethod, unavailable };
  return { id, provider, paymentMethod: card, combineCharges, createdAt };
}

export function customerDocument(
  customer: RegisteredCustomer,
  method: PaymentMethod | null,
): z.input<typeof CustomerDocument> {
  return { ...anonymousDocument(customer, method), ...customer.personalData };
}

export function subscriptionDocument(
  subscription: Subscription,
  moment: Moment,
): z.input<typeof SubscriptionDocument> {
  const { id, customerId, productId, quantity, price, interval, anchorDate } = subscription;
  const { status, createdAt } = subscription;
  const facts = {
    id,
    customerId,
    productId,
    quantity,
    price,
    interval,
    anchorDate,
    status,
    createdAt,
  };
  if (!isLive(subscription)) {
    const { endedAt, endReason } = subscription;
    return { ...facts, nextBillingDate: null, cancellation: null, endedAt, endReason };
  }
  const cancellation = effectiveCancellation(subscription);
  return {
    ...facts,
    nextBillingDate: nextBillingDate(subscription, moment),
    cancellation: cancellation && { on: cancellation.on, reason: cancellation.reason },
    endedAt: null,
    endReason: null,
  };
}
