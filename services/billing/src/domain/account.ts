import type { CardUnavailableCause } from '@perennial/contracts';
import type { Discrepancy } from './discrepancy';
import { type Cycle, isOpen, type Payment } from './payment';
import type { Refund } from './refund';
import { type End, ended, type LiveSchedule, type Schedule } from './schedule';

export interface PaymentMethod {
  readonly provider: string;
  /** The card's token at the provider. */
  readonly reference: string;
  readonly unavailable: CardUnavailableCause | null;
}

export interface Customer {
  readonly id: string;
  /** Null until the customer's payment method has been announced. */
  readonly paymentMethod: PaymentMethod | null;
  readonly combineCharges: boolean;
  /** The version of the newest announcement of the payment method. */
  readonly methodVersion: number;
  readonly erased: boolean;
}

/**
 * All that billing decides about together: one customer, locked as a whole. Decisions take an account
 * and return the account that follows; messages, audit entries and rows are read off the difference.
 */
export interface Account {
  readonly customer: Customer;
  readonly schedules: readonly Schedule[];
  /** Cycles without a payment: waiting for an older one, or waived. */
  readonly cycles: readonly Cycle[];
  /** The open ones, and those that the matter at hand is about. */
  readonly payments: readonly Payment[];
  /** Of the payments above. */
  readonly refunds: readonly Refund[];
  /** Newly opened ones only. */
  readonly discrepancies: readonly Discrepancy[];
}

export function scheduleOf(account: Account, subscriptionId: string): Schedule | undefined {
  return account.schedules.find((schedule) => schedule.subscriptionId === subscriptionId);
}

export function liveSchedules({ schedules }: Account): LiveSchedule[] {
  return schedules.filter((schedule) => schedule.state === 'live');
}

/** A subscription has at most one. */
export function openPaymentOf(account: Account, subscriptionId: string): Payment | undefined {
  return account.payments.find(
    (payment) =>
      isOpen(payment) &&
      payment.items.some(
        (item) => item.subscriptionId === subscriptionId && item.status === 'owed',
      ),
  );
}

export function withSchedule(account: Account, schedule: Schedule): Account {
  return {
    ...account,
    schedules: replaced(account.schedules, schedule, ({ subscriptionId }) => subscriptionId),
  };
}

export function withPayment(account: Account, payment: Payment): Account {
  return { ...account, payments: replaced(account.payments, payment, ({ id }) => id) };
}

export function withRefund(account: Account, refund: Refund): Account {
  return { ...account, refunds: replaced(account.refunds, refund, ({ id }) => id) };
}

export function withDiscrepancy(account: Account, discrepancy: Discrepancy): Account {
  return { ...account, discrepancies: [...account.discrepancies, discrepancy] };
}

/** Ends a subscription; what waits for it to be collected is dropped, unless `keepWaiting`. */
export function endSubscription(
  account: Account,
  subscriptionId: string,
  end: End,
  { keepWaiting = false } = {},
): Account {
  const schedule = scheduleOf(account, subscriptionId);
  if (!schedule || schedule.state === 'ended') return account;
  const withEnd = withSchedule(account, ended(schedule, end));
  return keepWaiting ? withEnd : dropWaiting(withEnd, subscriptionId);
}

/** What waits behind an older payment of the subscription will not be collected. */
export function dropWaiting(account: Account, subscriptionId: string): Account {
  return {
    ...account,
    cycles: account.cycles.map((cycle) =>
      cycle.subscriptionId === subscriptionId && cycle.status === 'waiting'
        ? { ...cycle, status: 'dropped' }
        : cycle,
    ),
  };
}

function replaced<T>(list: readonly T[], item: T, keyOf: (item: T) => string): readonly T[] {
  const key = keyOf(item);
  return list.some((other) => keyOf(other) === key)
    ? list.map((other) => (keyOf(other) === key ? item : other))
    : [...list, item];
}
