import { addDays, billingDate, localDate } from '@perennial/calendar';
import {
  type Announcement,
  AttemptResolved,
  AttemptUnresolved,
  type Cause,
  CycleSkipped,
  DiscrepancyOpened,
  PaymentDeclined,
  PaymentExhausted,
  PaymentRefunded,
  PaymentSucceeded,
} from '@perennial/contracts';
import { type Account, scheduleOf } from './account';
import type { Discrepancy } from './discrepancy';
import type { Moment } from './moment';
import { type Attempt, amountOf, type Cycle, isUnresolved, type Payment, total } from './payment';
import type { Refund } from './refund';
import type { Schedule } from './schedule';

interface Telling {
  readonly account: Account;
  readonly cause: Cause;
  readonly moment: Moment;
}

/** A payment whose status has changed, told to whoever writes to the customer or keeps the subscription. */
export function tellPayment(
  before: Payment | undefined,
  after: Payment,
  telling: Telling,
): Announcement[] {
  return [
    ...tellAttempts(before, after, telling),
    ...(before?.status === after.status && !declinedAgain(before, after)
      ? []
      : tellStatus(after, telling)),
  ];
}

function declinedAgain(before: Payment | undefined, after: Payment): boolean {
  return declines(after) > (before ? declines(before) : 0);
}

function declines({ attempts }: Payment): number {
  return attempts.filter(({ status }) => status === 'declined').length;
}

function tellStatus(payment: Payment, telling: Telling): Announcement[] {
  const { cause, moment } = telling;
  const last = payment.attempts.filter(({ status }) => status === 'declined').at(-1);
  const facts = {
    paymentId: payment.id,
    customerId: payment.customerId,
    provider: payment.provider,
    billingDate: payment.billingDate,
  };
  const failure = { attempt: last?.number ?? 1, reason: last?.reason ?? ('unknown' as const) };
  switch (payment.status) {
    case 'succeeded': {
      const paid = payment.items.filter(({ status }) => status === 'paid');
      const amount = total(paid, payment.currency);
      const data = { ...facts, amount, items: itemsOf(paid, telling), succeededAt: moment.now };
      return [PaymentSucceeded.of(payment.id, payment.version, data, cause)];
    }
    case 'retrying': {
      if (payment.nextAttemptAt === null) return [];
      const owed = payment.items.filter(({ status }) => status === 'owed');
      const data = {
        ...facts,
        ...failure,
        amount: amountOf(payment),
        items: itemsOf(owed, telling),
        nextAttemptOn: localDate(payment.nextAttemptAt, moment.rules.time.zone),
        declinedAt: moment.now,
      };
      return [PaymentDeclined.of(payment.id, payment.version, data, cause)];
    }
    case 'exhausted': {
      const items = itemsOf(payment.items, telling);
      const amount = total(payment.items, payment.currency);
      const data = { ...facts, ...failure, amount, items, exhaustedAt: moment.now };
      return [PaymentExhausted.of(payment.id, payment.version, data, cause)];
    }
    default:
      return [];
  }
}

function itemsOf(items: readonly Cycle[], { account }: Telling) {
  return items.map(({ subscriptionId, cycle, amount, billingDate: date }) => {
    const schedule = scheduleOf(account, subscriptionId);
    const purchase = schedule && schedule.state !== 'awaited' ? schedule.purchase : null;
    return {
      subscriptionId,
      cycle,
      productName: purchase?.productName ?? '',
      quantity: purchase?.quantity ?? 1,
      amount,
      nextBillingDate: purchase ? billingDate(purchase, cycle + 1) : addDays(date, 1),
    };
  });
}

/** Told only when an answer leaves the outcome open: while it is, the provider must not be switched. */
function tellAttempts(
  before: Payment | undefined,
  after: Payment,
  { cause, moment }: Telling,
): Announcement[] {
  return after.attempts.flatMap((attempt) => {
    const earlier = before?.attempts.find(({ id }) => id === attempt.id);
    const facts = {
      attemptId: attempt.id,
      paymentId: after.id,
      customerId: after.customerId,
    };
    if (isLeftOpen(attempt) && !isLeftOpen(earlier)) {
      const status = attempt.status === 'pending' ? ('pending' as const) : ('unknown' as const);
      const data = { ...facts, status, since: attempt.startedAt };
      return [AttemptUnresolved.of(attempt.id, after.version, data, cause)];
    }
    if (isLeftOpen(earlier) && !isUnresolved(attempt)) {
      const data = { ...facts, resolvedAt: moment.now };
      return [AttemptResolved.of(attempt.id, after.version, data, cause)];
    }
    return [];
  });
}

function isLeftOpen(attempt: Attempt | undefined): boolean {
  return attempt?.status === 'pending' || attempt?.status === 'unknown';
}

export function tellSchedule(
  before: Schedule | undefined,
  after: Schedule,
  { cause }: Telling,
): Announcement[] {
  if (after.state !== 'ended' || before?.state === 'ended' || !after.purchase) return [];
  const { skippedCycle, at } = after.end;
  const reason = SKIP_REASON[after.end.cause];
  if (skippedCycle === null || !reason) return [];
  const data = {
    subscriptionId: after.subscriptionId,
    customerId: after.customerId,
    cycle: skippedCycle,
    billingDate: billingDate(after.purchase, skippedCycle),
    reason,
    skippedAt: at,
  };
  return [CycleSkipped.of(after.subscriptionId, after.version, data, cause)];
}

const SKIP_REASON = {
  card_expired: 'card_expired',
  card_cancelled: 'card_cancelled',
  cancellation_due: 'cancellation_due',
  payment_exhausted: null,
  customer_request: null,
  customer_erased: null,
} as const;

export function tellRefund(
  before: Refund | undefined,
  after: Refund,
  { account, cause, moment }: Telling,
): Announcement[] {
  if (after.status !== 'succeeded' || before?.status === 'succeeded') return [];
  const payment = account.payments.find(({ id }) => id === after.paymentId);
  const paid = payment?.items.filter(({ status }) => status === 'paid') ?? [];
  const subscriptions = after.items ?? paid;
  const data = {
    refundId: after.id,
    paymentId: after.paymentId,
    customerId: account.customer.id,
    amount: after.amount,
    reason: after.reason,
    origin: after.origin,
    productNames: subscriptions.flatMap(({ subscriptionId }) => {
      const schedule = scheduleOf(account, subscriptionId);
      return schedule && schedule.state !== 'awaited' && schedule.purchase
        ? [schedule.purchase.productName]
        : [];
    }),
    refundedAt: moment.now,
  };
  return [PaymentRefunded.of(after.id, after.version, data, cause)];
}

export function tellDiscrepancy(discrepancy: Discrepancy, cause: Cause): Announcement {
  const { id, kind, provider, paymentId, openedAt } = discrepancy;
  return DiscrepancyOpened.of(
    id,
    1,
    { discrepancyId: id, kind, provider, paymentId, openedAt },
    cause,
  );
}
