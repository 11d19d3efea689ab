import { CalendarDate, FirstCharge, Instant, Interval } from '@perennial/calendar';
import { CardUnavailableCause, EndReason } from '@perennial/contracts';
import type { Row } from '@perennial/database';
import { z } from 'zod';
import { CARD_REASON, type Cancellation } from '../domain/cancellation';
import { isLive, type PaymentNews, type Subscription } from '../domain/subscription';

const purchase = {
  id: z.string(),
  customerId: z.string(),
  productId: z.string(),
  productName: z.string(),
  quantity: z.number(),
  priceMinor: z.number(),
  priceCurrency: z.string(),
  billingInterval: Interval,
  anchorDate: CalendarDate,
  firstCharge: FirstCharge,
  registeredOn: CalendarDate,
  createdAt: Instant,
  version: z.number(),
};
const cancellable = {
  requestId: z.string().nullable(),
  requestOn: CalendarDate.nullable(),
  requestAt: Instant.nullable(),
  cardId: z.string().nullable(),
  cardOn: CalendarDate.nullable(),
  cardAt: Instant.nullable(),
  cardCause: CardUnavailableCause.nullable(),
};
const payment = {
  paymentId: z.string(),
  paymentBillingDate: CalendarDate,
  paymentVersion: z.number(),
};
const ended = { ...purchase, endedAt: Instant };

/** Reading is parsing: a row that fits no state stops here, not somewhere in the rules. */
const SubscriptionRow = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('active'),
    ...purchase,
    ...cancellable,
    paymentId: payment.paymentId.nullable(),
    paymentBillingDate: payment.paymentBillingDate.nullable(),
    paymentVersion: payment.paymentVersion.nullable(),
  }),
  z.object({ status: z.literal('past_due'), ...purchase, ...cancellable, ...payment }),
  z.object({
    status: z.literal('cancelled'),
    ...ended,
    endReason: EndReason.exclude(['payment_exhausted']),
  }),
  z.object({
    status: z.literal('terminated'),
    ...ended,
    endReason: EndReason.extract(['payment_exhausted']),
    paymentId: payment.paymentId,
  }),
]);
type SubscriptionRow = z.output<typeof SubscriptionRow>;
type LiveRow = Extract<SubscriptionRow, { status: 'active' | 'past_due' }>;

export function rowOf(subscription: Subscription): Row {
  const { id, customerId, productId, productName, quantity, price, version } = subscription;
  const { anchorDate, firstCharge, registeredOn, createdAt, status } = subscription;
  return {
    ...{ id, customerId, productId, productName, quantity, version, status },
    ...{ anchorDate, firstCharge, registeredOn, createdAt },
    priceMinor: price.amountMinor,
    priceCurrency: price.currency,
    billingInterval: subscription.interval,
    ...stateRow(subscription),
  };
}

function stateRow(subscription: Subscription): Row {
  const live = isLive(subscription) ? subscription : null;
  const end = isLive(subscription) ? null : subscription;
  const terminated = subscription.status === 'terminated' ? subscription : null;
  return {
    requestId: live?.request?.id ?? null,
    requestOn: live?.request?.on ?? null,
    requestAt: live?.request?.acceptedAt ?? null,
    cardId: live?.card?.id ?? null,
    cardOn: live?.card?.on ?? null,
    cardAt: live?.card?.acceptedAt ?? null,
    cardCause: live?.card ? causeOf(live.card) : null,
    paymentId: live?.payment?.paymentId ?? terminated?.paymentId ?? null,
    paymentBillingDate: live?.payment?.billingDate ?? null,
    paymentVersion: live?.payment?.version ?? null,
    endedAt: end?.endedAt ?? null,
    endReason: end?.endReason ?? null,
  };
}

function causeOf({ reason }: Cancellation): CardUnavailableCause {
  return reason === CARD_REASON.expired ? 'expired' : 'cancelled';
}

export function subscriptionOf(raw: Record<string, unknown>): Subscription {
  const row = SubscriptionRow.parse(raw);
  const { priceMinor, priceCurrency, billingInterval } = row;
  const price = { amountMinor: priceMinor, currency: priceCurrency };
  const bought = { ...purchaseOf(row), price, interval: billingInterval };
  switch (row.status) {
    case 'active':
      return { ...bought, status: row.status, ...cancellationsOf(row), payment: paymentOf(row) };
    case 'past_due': {
      const { paymentId, paymentBillingDate: billingDate, paymentVersion: version } = row;
      const payment = { paymentId, billingDate, version };
      return { ...bought, status: row.status, ...cancellationsOf(row), payment };
    }
    case 'cancelled':
      return { ...bought, status: row.status, endedAt: row.endedAt, endReason: row.endReason };
    case 'terminated': {
      const { status, endedAt, endReason, paymentId } = row;
      return { ...bought, status, endedAt, endReason, paymentId };
    }
  }
}

function purchaseOf(row: SubscriptionRow) {
  const { id, customerId, productId, productName, quantity, anchorDate, firstCharge } = row;
  const { registeredOn, createdAt, version } = row;
  return {
    ...{ id, customerId, productId, productName, quantity, anchorDate, firstCharge },
    ...{ registeredOn, createdAt, version },
  };
}

function cancellationsOf(row: LiveRow): {
  request: Cancellation | null;
  card: Cancellation | null;
} {
  const { requestId, requestOn, requestAt, cardId, cardOn, cardAt, cardCause } = row;
  const request =
    requestId && requestOn && requestAt
      ? { id: requestId, on: requestOn, reason: 'customer_request' as const, acceptedAt: requestAt }
      : null;
  const card =
    cardId && cardOn && cardAt && cardCause
      ? { id: cardId, on: cardOn, reason: CARD_REASON[cardCause], acceptedAt: cardAt }
      : null;
  return { request, card };
}

function paymentOf({ paymentId, paymentBillingDate, paymentVersion }: LiveRow): PaymentNews | null {
  if (!paymentId || !paymentBillingDate || paymentVersion === null) return null;
  return { paymentId, billingDate: paymentBillingDate, version: paymentVersion };
}
