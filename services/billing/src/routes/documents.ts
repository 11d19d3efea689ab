import { localDate } from '@perennial/calendar';
import {
  DeclineReason,
  DiscrepancyKind,
  KnownRefundReason,
  Money,
  RefundOrigin,
} from '@perennial/contracts';
import { z } from 'zod';
import { type Attempt, amountOf, type Cycle, type Payment } from '../domain/payment';
import type { Refund } from '../domain/refund';
import { refundedMinor } from '../domain/refund';
import { DiscrepancyState, type StoredDiscrepancy } from '../store/discrepancies';

/** The path of everything that has an id. */
export const Id = z.object({ id: z.uuid() });

const instant = z.iso.datetime();
const date = z.iso.date();
const currencyDate = { billingDate: date, amount: Money };

export const PaymentDocument = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  provider: z.string(),
  ...currencyDate,
  amountRefunded: Money,
  status: z.enum(['scheduled', 'processing', 'retrying', 'succeeded', 'exhausted', 'abandoned']),
  nextAttemptOn: date.nullable(),
  createdAt: instant,
  items: z.array(
    z.object({
      subscriptionId: z.uuid(),
      cycle: z.int(),
      ...currencyDate,
      status: z.enum(['owed', 'paid', 'dropped']),
    }),
  ),
  attempts: z.array(
    z.object({
      number: z.int(),
      amount: Money,
      status: z.enum(['created', 'pending', 'unknown', 'not_sent', 'succeeded', 'declined']),
      reason: DeclineReason.nullable(),
      rawReason: z.string().nullable(),
      idempotencyKey: z.string(),
      providerReference: z.string().nullable(),
      startedAt: instant,
      settledAt: instant.nullable(),
      settledBy: z.enum(['response', 'webhook', 'enquiry', 'reconciliation']).nullable(),
    }),
  ),
  refunds: z.array(
    z.object({
      id: z.uuid(),
      amount: Money,
      reason: KnownRefundReason,
      status: z.enum(['pending', 'succeeded', 'failed']),
      origin: RefundOrigin,
      providerReference: z.string().nullable(),
    }),
  ),
});

export const RefundDocument = z.object({
  id: z.uuid(),
  paymentId: z.uuid(),
  amount: Money,
  reason: KnownRefundReason,
  status: z.enum(['pending', 'succeeded', 'failed']),
  origin: RefundOrigin,
  items: z.array(z.object({ subscriptionId: z.uuid(), amount: Money })).nullable(),
  createdAt: instant,
});

const count = z.int();
export const RunDocument = z.object({
  id: z.uuid(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  due: count,
  combined: count,
  sent: count,
  succeeded: count,
  declined: count,
  pending: count,
  unknown: count,
  skipped: count,
  waived: count,
});

export const DiscrepancyDocument = z.object({
  id: z.uuid(),
  kind: DiscrepancyKind,
  state: DiscrepancyState,
  provider: z.string(),
  paymentId: z.uuid().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  openedAt: instant,
  note: z.string().nullable(),
});

export function paymentDocument(
  payment: Payment,
  refunds: readonly Refund[],
  zone: string,
): z.input<typeof PaymentDocument> {
  const { id, customerId, provider, billingDate, status, nextAttemptAt, createdAt } = payment;
  const refunded = refunds.filter((one) => one.status === 'succeeded');
  return {
    ...{ id, customerId, provider, billingDate, status, createdAt },
    amount: amountOf(payment),
    amountRefunded: {
      amountMinor: payment.attempts.reduce((sum, one) => sum + refundedMinor(refunded, one.id), 0),
      currency: payment.currency,
    },
    nextAttemptOn: nextAttemptAt && localDate(nextAttemptAt, zone),
    items: payment.items.map(itemDocument),
    attempts: payment.attempts.map(attemptDocument),
    refunds: refunds.map((refund) => {
      const { amount, reason, origin, providerReference } = refund;
      return { id: refund.id, amount, reason, status: refund.status, origin, providerReference };
    }),
  };
}

function itemDocument({ subscriptionId, cycle, billingDate, amount, status }: Cycle) {
  const shown = status === 'paid' || status === 'dropped' ? status : ('owed' as const);
  return { subscriptionId, cycle, billingDate, amount, status: shown };
}

function attemptDocument(attempt: Attempt) {
  const { number, amount, status, reason, rawReason, idempotencyKey } = attempt;
  const { providerReference, startedAt, settledAt, settledBy } = attempt;
  return {
    ...{ number, amount, status, reason, rawReason, idempotencyKey },
    ...{ providerReference, startedAt, settledAt, settledBy },
  };
}

export function refundDocument(refund: Refund): z.input<typeof RefundDocument> {
  const { id, paymentId, amount, reason, status, origin, createdAt, items } = refund;
  const shown = items?.map((item) => ({ ...item }));
  return { id, paymentId, amount, reason, status, origin, createdAt, items: shown ?? null };
}

export function discrepancyDocument(
  stored: StoredDiscrepancy,
): z.input<typeof DiscrepancyDocument> {
  const { about: _about, ...document } = stored;
  return document;
}
