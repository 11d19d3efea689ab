import type { KnownRefundReason, Money, RefundReason } from '@perennial/contracts';
import { type Account, withDiscrepancy, withRefund } from './account';
import { enquireAt, resendAt } from './delays';
import type { RefundEvidence } from './evidence';
import { type Moment, referenceOf } from './moment';
import { type Attempt, capturedMinor, captures, type Payment } from './payment';
import { type Allocation, type Refund, refundedMinor } from './refund';

interface Wish {
  readonly amount: Money;
  readonly items: Allocation | null;
  readonly reason: RefundReason;
}

/** What can still go back of a capture, in minor units. */
export function leftMinor(account: Account, attempt: Attempt): number {
  return capturedMinor(attempt) - refundedMinor(account.refunds, attempt.id);
}

/** Money that we send back without being asked; never more than is left of the capture. */
export function automaticRefund(
  account: Account,
  payment: Payment,
  attempt: Attempt,
  wish: Wish,
  moment: Moment,
): Account {
  const amountMinor = Math.min(wish.amount.amountMinor, leftMinor(account, attempt));
  if (amountMinor === 0) return account;
  const amount = { ...wish.amount, amountMinor };
  return withRefund(account, newRefund(payment, attempt, { ...wish, amount }, 'automatic', moment));
}

export type OperatorWish =
  | { readonly form: 'all' }
  | { readonly form: 'amount'; readonly amountMinor: number }
  | {
      readonly form: 'items';
      readonly items: readonly { subscriptionId: string; amountMinor: number }[];
    };

export type Requested =
  | { readonly refund: Refund; readonly account: Account }
  | { readonly refused: 'nothing-left' | 'exceeds-payment' | 'unknown-item' };

/** An operator's refund, in whole, in part or per item. Billing rules: "Provider events", refund. */
export function requestRefund(
  account: Account,
  payment: Payment,
  wish: OperatorWish,
  reason: RefundReason,
  moment: Moment,
): Requested {
  const attempt = captures(payment).find((capture) => leftMinor(account, capture) > 0);
  if (!attempt) return { refused: 'nothing-left' };
  const left = leftMinor(account, attempt);
  const amountMinor = wishedMinor(wish, left);
  if (amountMinor > left) return { refused: 'exceeds-payment' };

  const items = allocation(account, payment, wish, amountMinor);
  if (items === 'unknown-item' || items === 'exceeds-payment') return { refused: items };
  const amount = { amountMinor, currency: payment.currency };
  const refund = newRefund(payment, attempt, { amount, items, reason }, 'operator', moment);
  return { refund, account: withRefund(account, refund) };
}

function wishedMinor(wish: OperatorWish, left: number): number {
  if (wish.form === 'all') return left;
  if (wish.form === 'amount') return wish.amountMinor;
  return wish.items.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

function allocation(
  account: Account,
  payment: Payment,
  wish: OperatorWish,
  amountMinor: number,
): Allocation | null | 'unknown-item' | 'exceeds-payment' {
  const left = itemsLeft(account, payment);
  if (wish.form !== 'items') return allocatedByItself(left, amountMinor, payment.currency);
  const asked = new Map<string, number>();
  for (const item of wish.items) {
    asked.set(item.subscriptionId, (asked.get(item.subscriptionId) ?? 0) + item.amountMinor);
  }
  for (const [subscriptionId, minor] of asked) {
    const available = left.get(subscriptionId);
    if (available === undefined) return 'unknown-item';
    if (minor > available) return 'exceeds-payment';
  }
  return [...asked].map(([subscriptionId, minor]) => ({
    subscriptionId,
    amount: { amountMinor: minor, currency: payment.currency },
  }));
}

/** What of each item has not been given back yet, in minor units. */
function itemsLeft(account: Account, payment: Payment): Map<string, number> {
  const left = new Map(
    payment.items
      .filter(({ status }) => status === 'paid')
      .map(({ subscriptionId, amount }) => [subscriptionId, amount.amountMinor]),
  );
  for (const refund of account.refunds) {
    if (refund.paymentId !== payment.id || refund.status === 'failed') continue;
    for (const { subscriptionId, amount } of refund.items ?? []) {
      left.set(subscriptionId, (left.get(subscriptionId) ?? 0) - amount.amountMinor);
    }
  }
  return left;
}

export function itemLeftMinor(account: Account, payment: Payment, subscriptionId: string): number {
  return itemsLeft(account, payment).get(subscriptionId) ?? 0;
}

/** Clear without being told: everything that is left, or all of it from a payment's only item. */
function allocatedByItself(
  left: Map<string, number>,
  amountMinor: number,
  currency: string,
): Allocation | null {
  const remaining = [...left].filter(([, minor]) => minor > 0);
  const sum = remaining.reduce((total, [, minor]) => total + minor, 0);
  const [only] = remaining;
  if (remaining.length === 1 && only && amountMinor <= only[1]) {
    return [{ subscriptionId: only[0], amount: { amountMinor, currency } }];
  }
  if (sum !== amountMinor) return null;
  return remaining.map(([subscriptionId, minor]) => ({
    subscriptionId,
    amount: { amountMinor: minor, currency },
  }));
}

function newRefund(
  payment: Payment,
  attempt: Attempt,
  { amount, items, reason }: Wish,
  origin: 'operator' | 'automatic',
  moment: Moment,
): Refund {
  const id = moment.newId();
  const sheet = moment.sheetOf(attempt.provider);
  const reference = referenceOf(id, sheet);
  const paymentReference = attempt.providerReference ?? '';
  const body = sheet.refundBody({ reference, amount, reason, paymentReference });
  return {
    ...blankRefund(payment, attempt, moment),
    id,
    amount,
    items,
    reason,
    origin,
    request: { reference, key: id, body },
    delivery: 'to_send',
    nextActionAt: moment.now,
  };
}

function blankRefund(payment: Payment, attempt: Attempt, { now }: Moment) {
  return {
    paymentId: payment.id,
    attemptId: attempt.id,
    provider: attempt.provider,
    rawReason: null,
    status: 'pending',
    request: null,
    providerReference: null,
    delivery: null,
    nextActionAt: null,
    firstSentAt: null,
    lastSentAt: null,
    sends: 0,
    enquiries: 0,
    createdAt: now,
    settledAt: null,
    version: 0,
  } as const;
}

/** A refund that the provider tells of, made in its dashboard or by us. */
export interface ToldRefund {
  readonly providerReference: string;
  readonly outcome: 'success' | 'failure';
  /** Null: all that is left. */
  readonly amount: Money | null;
  readonly reason: KnownRefundReason;
  readonly rawReason: string | null;
}

/**
 * Records a refund from the provider's dashboard of the capture that it names. More than is left, or
 * another currency, is refused and shown to an operator.
 */
export function recordDashboardRefund(
  account: Account,
  payment: Payment,
  attempt: Attempt,
  told: ToldRefund,
  moment: Moment,
): Account {
  const known = account.refunds.some(
    ({ provider, providerReference }) =>
      provider === attempt.provider && providerReference === told.providerReference,
  );
  if (known || told.outcome === 'failure') return account;
  const left = leftMinor(account, attempt);
  const amount = told.amount ?? { amountMinor: left, currency: payment.currency };
  const fits =
    amount.amountMinor > 0 && amount.amountMinor <= left && amount.currency === payment.currency;
  if (!fits) return refuseExcess(account, payment, attempt, told, left, moment);
  return withRefund(account, {
    ...blankRefund(payment, attempt, moment),
    id: moment.newId(),
    amount,
    reason: told.reason,
    rawReason: told.rawReason,
    origin: 'provider',
    items: allocatedByItself(itemsLeft(account, payment), amount.amountMinor, payment.currency),
    status: 'succeeded',
    providerReference: told.providerReference,
    settledAt: moment.now,
  });
}

function refuseExcess(
  account: Account,
  payment: Payment,
  attempt: Attempt,
  told: ToldRefund,
  left: number,
  moment: Moment,
): Account {
  return withDiscrepancy(account, {
    id: moment.newId(),
    kind: 'refund_exceeds_payment',
    provider: attempt.provider,
    paymentId: payment.id,
    about: told.providerReference,
    details: {
      providerReference: told.providerReference,
      amountMinor: told.amount?.amountMinor ?? null,
      currency: told.amount?.currency ?? null,
      leftMinor: left,
    },
    openedAt: moment.now,
  });
}

/** The one rule for what we learn about a refund of ours; a settled one never changes. */
export function settleRefund(
  account: Account,
  reference: string,
  evidence: RefundEvidence,
  moment: Moment,
): Account {
  const refund = account.refunds.find(({ request }) => request?.reference === reference);
  if (refund?.status !== 'pending') return account;
  const next = withRefund(account, afterRefundEvidence(refund, evidence, moment));
  if (evidence.outcome !== 'refused') return next;
  return withDiscrepancy(next, {
    id: moment.newId(),
    kind: 'provider_refused',
    provider: refund.provider,
    paymentId: refund.paymentId,
    about: refund.id,
    details: { refundId: refund.id, detail: evidence.detail },
    openedAt: moment.now,
  });
}

function afterRefundEvidence(refund: Refund, evidence: RefundEvidence, { now }: Moment): Refund {
  const settled = { delivery: null, nextActionAt: null, settledAt: now } as const;
  switch (evidence.outcome) {
    case 'succeeded':
      return {
        ...refund,
        ...settled,
        status: 'succeeded',
        providerReference: evidence.providerReference,
      };
    case 'failed':
      return {
        ...refund,
        ...settled,
        status: 'failed',
        providerReference: evidence.providerReference ?? refund.providerReference,
      };
    case 'refused':
      // The provider said no before any money moved: what was asked for is free to be asked again.
      return { ...refund, ...settled, status: 'failed' };
    case 'pending':
      return {
        ...refund,
        providerReference: evidence.providerReference ?? refund.providerReference,
        enquiries: refund.enquiries + 1,
        nextActionAt: enquireAt('pending', refund.enquiries, now, refund.createdAt),
      };
    case 'unknown':
      return {
        ...refund,
        enquiries: refund.enquiries + 1,
        nextActionAt: enquireAt('unknown', refund.enquiries, now, refund.createdAt),
      };
    case 'not_sent':
      return {
        ...refund,
        delivery: 'to_send',
        firstSentAt: refund.firstSentAt === refund.lastSentAt ? null : refund.firstSentAt,
        nextActionAt: resendAt(refund.sends, evidence.waitMs, now),
      };
    case 'not_found':
      return { ...refund, delivery: 'to_send', nextActionAt: now };
  }
}
