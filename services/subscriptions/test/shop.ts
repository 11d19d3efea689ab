import { randomUUID } from 'node:crypto';
import { parseDate } from '@perennial/calendar';
import {
  AttemptResolved,
  AttemptUnresolved,
  CardUnavailable,
  type Cause,
  CycleSkipped,
  createIds,
  type Envelope,
  PaymentDeclined,
  PaymentExhausted,
  PaymentSucceeded,
} from '@perennial/contracts';
import { type Answer, type Running, sent } from './running-service';

export const ada = {
  title: 'Dr',
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'Ada@Example.org',
  address: '12 St James Square, London',
  provider: 'aurora',
  paymentMethod: 'pm_ok_ada',
};

const cause: Cause = {
  actor: 'system',
  trigger: 'timer:test',
  correlationId: 'c',
  causationId: null,
  traceparent: 't',
};

/** The things that happen in a shop, by way of HTTP and messages. */
export function shopOf(running: Running) {
  const ids = createIds(running.clock);
  const send = (announcement: Parameters<typeof sent>[0]): Envelope =>
    sent(announcement, running.clock.now(), ids);
  const payment = (subscriptionId: string, billingDate: string) => {
    const amount = { amountMinor: 2500, currency: 'GBP' };
    const cycle = { subscriptionId, cycle: 1, productName: 'Coffee', quantity: 2, amount };
    const items = [{ ...cycle, nextBillingDate: parseDate('2026-03-31') }];
    const date = parseDate(billingDate);
    return { customerId: ids(), provider: 'aurora', billingDate: date, amount, items };
  };
  const post = (path: string, body: unknown, headers = {}): Promise<Answer> =>
    running.call('POST', path, { body, headers: { 'Idempotency-Key': randomUUID(), ...headers } });

  return {
    post,
    async customer(changes: object = {}): Promise<string> {
      return (await post('/customers', { ...ada, ...changes })).body.id;
    },
    async subscription(customerId: string, changes: object = {}): Promise<string> {
      const unitPrice = { amountMinor: 1250, currency: 'GBP' };
      const product = await post('/products', { name: 'Coffee', unitPrice });
      const order = { customerId, productId: product.body.id, quantity: 2, interval: 'monthly' };
      return (await post('/subscriptions', { ...order, ...changes })).body.id;
    },
    async read(id: string) {
      return (await running.call('GET', `/subscriptions/${id}`)).body;
    },
    cardUnavailable: (paymentMethod: string, reason: 'expired' | 'cancelled' = 'expired') => {
      const event = { provider: 'aurora', eventId: ids(), occurredAt: running.clock.now() };
      const data = { ...event, paymentMethod, cause: reason };
      return send(CardUnavailable.of(paymentMethod, 1, data, cause));
    },
    declined: (subscriptionId: string, paymentId: string, version: number) => {
      const facts = { attempt: 1, reason: 'insufficient_funds' as const };
      const when = { nextAttemptOn: parseDate('2026-03-01'), declinedAt: running.clock.now() };
      const data = { paymentId, ...payment(subscriptionId, '2026-02-28'), ...facts, ...when };
      return send(PaymentDeclined.of(paymentId, version, data, cause));
    },
    succeeded: (subscriptionId: string, paymentId: string, version: number) => {
      const succeededAt = running.clock.now();
      const data = { paymentId, ...payment(subscriptionId, '2026-02-28'), succeededAt };
      return send(PaymentSucceeded.of(paymentId, version, data, cause));
    },
    exhausted: (subscriptionId: string, paymentId: string, version: number) => {
      const facts = { attempt: 6, reason: 'insufficient_funds' as const };
      const when = { exhaustedAt: running.clock.now() };
      const data = { paymentId, ...payment(subscriptionId, '2026-02-28'), ...facts, ...when };
      return send(PaymentExhausted.of(paymentId, version, data, cause));
    },
    skipped: (subscriptionId: string, reason: 'card_expired' | 'cancellation_due') => {
      const billingDate = parseDate('2026-02-28');
      const facts = { customerId: ids(), cycle: 1, billingDate, skippedAt: running.clock.now() };
      return send(CycleSkipped.of(subscriptionId, 1, { subscriptionId, reason, ...facts }, cause));
    },
    unresolved: (customerId: string, attemptId: string, version = 1) => {
      const facts = { attemptId, customerId, paymentId: ids() };
      const data = { ...facts, status: 'unknown' as const, since: running.clock.now() };
      return send(AttemptUnresolved.of(attemptId, version, data, cause));
    },
    resolved: (customerId: string, attemptId: string, version = 2) => {
      const facts = { attemptId, customerId, paymentId: ids() };
      const data = { ...facts, resolvedAt: running.clock.now() };
      return send(AttemptResolved.of(attemptId, version, data, cause));
    },
  };
}
