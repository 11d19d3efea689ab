import type { Money, RefundReason } from '@perennial/contracts';
import { type Account, withRefund } from './account';
import { allocated, allocatedByItself, itemsLeft, misfits, type Share, sumOf } from './allocation';
import type { Moment } from './moment';
import { type Attempt, capturedMinor, captures, type Payment } from './payment';
import { type Allocation, blankRefund, type Refund, refundedMinor, requestFor } from './refund';

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
  | { readonly form: 'items'; readonly items: readonly Share[] };

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
  return wish.form === 'amount' ? wish.amountMinor : sumOf(wish.items);
}

function allocation(
  account: Account,
  payment: Payment,
  wish: OperatorWish,
  amountMinor: number,
): Allocation | null | 'unknown-item' | 'exceeds-payment' {
  const left = itemsLeft(account, payment);
  if (wish.form !== 'items') return allocatedByItself(left, amountMinor, payment.currency);
  const [misfit] = misfits(left, wish.items).filter((wrong) => wrong !== null);
  if (!misfit) return allocated(wish.items, payment.currency);
  return misfit === 'unknown-item' ? misfit : 'exceeds-payment';
}

function newRefund(
  payment: Payment,
  attempt: Attempt,
  wish: Wish,
  origin: 'operator' | 'automatic',
  moment: Moment,
): Refund {
  const id = moment.newId();
  return {
    ...blankRefund(payment, attempt, moment),
    ...wish,
    id,
    origin,
    request: requestFor(id, attempt, wish, moment),
    delivery: 'to_send',
    nextActionAt: moment.now,
  };
}
