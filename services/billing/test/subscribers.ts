import { parseDate, parseInstant } from '@perennial/calendar';
import {
  CancellationScheduled,
  CardUnavailable,
  PaymentMethodChanged,
  PaymentOutcome,
  ProviderRefund,
  SubscriptionEnded,
  SubscriptionStarted,
} from '@perennial/contracts';
import { newCause } from '@perennial/messaging';
import type { Running } from './running-billing';

interface Order {
  readonly amountMinor?: number;
  readonly quantity?: number;
  readonly currency?: string;
  readonly interval?: 'monthly' | 'quarterly' | 'annual';
  readonly anchor?: string;
}

/** What subscriptions and webhooks tell billing about customers and what they buy. */
export function subscribersOf({ ids, clock, ...running }: Pick<Running, 'ids' | 'clock' | 'tell'>) {
  const cause = newCause('system', 'timer:test', ids);
  const tell = running.tell;
  const event = () => ({ provider: 'aurora', eventId: ids(), occurredAt: clock.now() });

  const method = (customerId: string, paymentMethod: string, combineCharges = true) => {
    const facts = { customerId, provider: 'aurora', paymentMethod, combineCharges };
    const data = { ...facts, changedAt: clock.now() };
    return PaymentMethodChanged.of(customerId, 1, data, cause);
  };
  const started = (customerId: string, subscriptionId: string, order: Order = {}) => {
    const { amountMinor = 1250, quantity = 1, currency = 'GBP', interval = 'monthly' } = order;
    const anchorDate = parseDate(order.anchor ?? '2026-01-31');
    return SubscriptionStarted.of(
      subscriptionId,
      1,
      {
        ...{ subscriptionId, customerId, productId: ids(), productName: 'Coffee', quantity },
        ...{ price: { amountMinor, currency }, interval, anchorDate, registeredOn: anchorDate },
        ...{ firstCharge: 'anniversary', startedAt: clock.now() },
      },
      cause,
    );
  };

  return {
    ...{ method, started },
    async customer(paymentMethod = 'pm_ok', { combineCharges = true } = {}): Promise<string> {
      const id = ids();
      await tell(method(id, paymentMethod, combineCharges));
      return id;
    },
    async subscription(customerId: string, order: Order = {}): Promise<string> {
      const id = ids();
      await tell(started(customerId, id, order));
      return id;
    },
    /** Each with one subscription, told in as few messages at once as the inbox takes. */
    async many(count: number, paymentMethod = 'pm_ok'): Promise<string[]> {
      const customers = Array.from({ length: count }, () => ids());
      await tell(...customers.map((id) => method(id, paymentMethod)));
      await tell(...customers.map((id) => started(id, ids())));
      return customers;
    },
    asksToEnd: (customerId: string, subscriptionId: string, on: string) => {
      const about = { customerId, subscriptionId, cancellationId: ids(), productName: 'Coffee' };
      const when = { on: parseDate(on), acceptedAt: clock.now() };
      const data = { ...about, ...when, reason: 'customer_request' as const };
      return tell(CancellationScheduled.of(subscriptionId, 2, data, cause));
    },
    endsNow: (customerId: string, subscriptionId: string, endedAt: string = clock.now()) => {
      const about = { customerId, subscriptionId, productName: 'Coffee', paymentId: null };
      const why = { status: 'cancelled' as const, reason: 'customer_request' as const };
      const data = { ...about, ...why, endedAt: parseInstant(endedAt) };
      return tell(SubscriptionEnded.of(subscriptionId, 3, data, cause));
    },
    losesCard: (paymentMethod: string) => {
      const data = { ...event(), paymentMethod, cause: 'expired' as const };
      return tell(CardUnavailable.of(paymentMethod, 1, data, cause));
    },
    /** Without our reference: made in the provider's dashboard. */
    refundTold: (
      paymentProviderReference: string,
      amountMinor: number | null,
      reference: string | null = null,
    ) => {
      const amount = amountMinor === null ? null : { amountMinor, currency: 'GBP' };
      const refund = { outcome: 'success' as const, reference, providerReference: ids() };
      const why = { reason: 'requested_by_customer' as const, rawReason: null };
      const data = { ...event(), ...refund, ...why, paymentProviderReference, amount };
      return tell(ProviderRefund.of(paymentProviderReference, 1, data, cause));
    },
    /** The provider tells that a charge went another way than it said before. */
    failsAfterAll: (reference: string, providerReference: string, amountMinor: number) => {
      const charge = { reference, providerReference, amount: { amountMinor, currency: 'GBP' } };
      const outcome = { outcome: 'failure' as const, reason: 'do_not_honor' as const };
      const data = { ...event(), ...charge, ...outcome, rawReason: null };
      return tell(PaymentOutcome.of(reference, 9, data, cause));
    },
  };
}
