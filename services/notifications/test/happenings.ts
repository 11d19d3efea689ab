import { addDays, parseDate } from '@perennial/calendar';
import {
  CancellationRevoked,
  CancellationScheduled,
  CustomerErased,
  type EndReason,
  type Ids,
  PaymentDeclined,
  PaymentExhausted,
  PaymentRefunded,
  PaymentSucceeded,
  SubscriptionEnded,
} from '@perennial/contracts';
import { newCause } from '@perennial/messaging';
import { NOW } from './running-notifications';

const billingDate = parseDate('2026-02-28');
const amount = { amountMinor: 2500, currency: 'GBP' };

/** What billing and subscriptions tell about one customer with one subscription and one payment. */
export function happeningsTo(ids: Ids) {
  const [customerId, subscriptionId, paymentId] = [ids(), ids(), ids()];
  const cancellationId = ids();
  const cause = newCause('system', 'timer:run', ids);
  const cycle = { subscriptionId, cycle: 1, productName: 'Coffee', quantity: 2, amount };
  const items = [{ ...cycle, nextBillingDate: parseDate('2026-03-31') }];
  const payment = { paymentId, customerId, provider: 'aurora', billingDate, amount, items };
  const decline = { reason: 'insufficient_funds' as const };
  const subscription = { subscriptionId, customerId };
  const productName = 'Coffee';
  return {
    ...{ customerId, subscriptionId, paymentId, cancellationId },
    succeeded: (version = 3) =>
      PaymentSucceeded.of(paymentId, version, { ...payment, succeededAt: NOW }, cause),
    /** The attempt of day `day` of grace; tried again on the next one. */
    declined: (day = 0) => {
      const nextAttemptOn = addDays(billingDate, day + 1);
      const facts = { ...payment, ...decline, attempt: day + 1, nextAttemptOn, declinedAt: NOW };
      return PaymentDeclined.of(paymentId, 2 * day + 2, facts, cause);
    },
    exhausted: () => {
      const facts = { ...payment, ...decline, attempt: 6, exhaustedAt: NOW };
      return PaymentExhausted.of(paymentId, 20, facts, cause);
    },
    refunded: (refundId = ids()) => {
      const of = { refundId, paymentId, customerId, amount, productNames: [productName] };
      const why = { reason: 'requested_by_customer' as const, origin: 'operator' as const };
      return PaymentRefunded.of(refundId, 2, { ...of, ...why, refundedAt: NOW }, cause);
    },
    scheduled: (reason: EndReason, version = 2, on = parseDate('2026-03-31')) => {
      const facts = { ...subscription, cancellationId, productName, on, reason, acceptedAt: NOW };
      return CancellationScheduled.of(subscriptionId, version, facts, cause);
    },
    revoked: (version = 3) => {
      const facts = { ...subscription, cancellationId, revokedAt: NOW };
      return CancellationRevoked.of(subscriptionId, version, facts, cause);
    },
    ended: (status: 'cancelled' | 'terminated', version = 9) => {
      const isUnpaid = status === 'terminated';
      const reason = isUnpaid ? ('payment_exhausted' as const) : ('customer_request' as const);
      const facts = { ...subscription, productName, status, reason, endedAt: NOW };
      const about = { ...facts, paymentId: isUnpaid ? paymentId : null };
      return SubscriptionEnded.of(subscriptionId, version, about, cause);
    },
    /** `scheduled`: a cancellation that the lost card had brought took effect with it. */
    endedByCard: (scheduled: boolean, version = 9) => {
      const why = { status: 'cancelled' as const, reason: 'card_expired' as const };
      const facts = { ...subscription, productName, ...why, endedAt: NOW, paymentId: null };
      const about = { ...facts, cancellationId: scheduled ? cancellationId : null };
      return SubscriptionEnded.of(subscriptionId, version, about, cause);
    },
    erased: () => CustomerErased.of(customerId, 2, { customerId, erasedAt: NOW }, cause),
  };
}
