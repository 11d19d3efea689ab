import { CalendarDate, Instant } from '@perennial/calendar';
import { DeclineReason } from '@perennial/contracts';
import type { Row } from '@perennial/database';
import { z } from 'zod';
import { type Attempt, type Cycle, isOpen, isUnresolved, type Payment } from '../domain/payment';

const money = { amountMinor: z.number(), currency: z.string() };

export const PaymentRow = z.object({
  id: z.string(),
  customerId: z.string(),
  provider: z.string(),
  billingDate: CalendarDate,
  currency: z.string(),
  status: z.enum(['scheduled', 'processing', 'retrying', 'succeeded', 'exhausted', 'abandoned']),
  firstReachedOn: CalendarDate.nullable(),
  nextAttemptAt: Instant.nullable(),
  createdAt: Instant,
  version: z.number(),
});

export const CycleRow = z
  .object({
    subscriptionId: z.string(),
    cycle: z.number(),
    customerId: z.string(),
    billingDate: CalendarDate,
    ...money,
    status: z.enum(['waiting', 'owed', 'paid', 'dropped', 'waived']),
    paymentId: z.string().nullable(),
    foundAt: Instant,
  })
  .transform(({ amountMinor, currency, customerId, paymentId, ...rest }) => {
    const cycle: Cycle = { ...rest, amount: { amountMinor, currency } };
    return { customerId, paymentId, cycle };
  });

const Items = z.array(z.object({ subscriptionId: z.string(), cycle: z.number() }));

export const AttemptRow = z
  .object({
    id: z.string(),
    paymentId: z.string(),
    number: z.number(),
    provider: z.string(),
    ...money,
    items: z.string().nullable(),
    reference: z.string(),
    idempotencyKey: z.string(),
    body: z.string(),
    status: z.enum(['created', 'pending', 'unknown', 'not_sent', 'succeeded', 'declined']),
    nextActionAt: Instant.nullable(),
    startedAt: Instant,
    firstSentAt: Instant.nullable(),
    lastSentAt: Instant.nullable(),
    sends: z.number(),
    enquiries: z.number(),
    providerReference: z.string().nullable(),
    reason: DeclineReason.nullable(),
    rawReason: z.string().nullable(),
    settledAt: Instant.nullable(),
    settledBy: z.enum(['response', 'webhook', 'enquiry', 'reconciliation']).nullable(),
    capturedMinor: z.number().nullable(),
  })
  .transform(({ amountMinor, currency, paymentId, items, ...rest }) => {
    const names = items === null ? null : Items.parse(JSON.parse(items));
    const attempt: Attempt = { ...rest, amount: { amountMinor, currency }, items: names };
    return { paymentId, attempt };
  });

/** `busy`: something is still to be done about the payment or a refund of it. */
export function paymentRow(payment: Payment, busy: boolean): Row {
  const { items: _items, attempts: _attempts, ...row } = payment;
  return { ...row, busyCustomerId: busy ? payment.customerId : null };
}

/** `payment` is null for a cycle that waits, or was waived or dropped before it had one. */
export function cycleRow(
  { amount, ...cycle }: Cycle,
  customerId: string,
  payment: Payment | null,
): Row {
  const holds = payment !== null && isOpen(payment) && cycle.status === 'owed';
  return {
    ...cycle,
    customerId,
    amountMinor: amount.amountMinor,
    currency: amount.currency,
    paymentId: payment?.id ?? null,
    waitingCustomerId: cycle.status === 'waiting' ? customerId : null,
    openSubscriptionId: holds ? cycle.subscriptionId : null,
  };
}

export function attemptRow(attempt: Attempt, paymentId: string): Row {
  const { amount, items, capturedMinor: told, ...row } = attempt;
  return {
    ...row,
    paymentId,
    items: items ? JSON.stringify(items) : null,
    capturedMinor: told ?? null,
    amountMinor: amount.amountMinor,
    currency: amount.currency,
    unresolvedPaymentId: isUnresolved(attempt) ? paymentId : null,
  };
}
