import type { Account } from '../../src/domain/account';
import { isOpen, type Payment } from '../../src/domain/payment';

/** What a matter is about, besides the payments about which something is to be done. */
export interface Matters {
  readonly paymentId?: string | undefined;
  readonly subscriptionId?: string;
}

/** As much of the account as is read from the database: what is done with is left there. */
export function read(account: Account, matters: Matters): Account {
  const payments = account.payments.filter(
    (payment) => isBusy(payment, account) || isMatter(payment, matters),
  );
  const ids = new Set(payments.map(({ id }) => id));
  return {
    ...account,
    payments,
    refunds: account.refunds.filter(({ paymentId }) => ids.has(paymentId)),
    cycles: account.cycles.filter(({ status }) => status === 'waiting'),
    discrepancies: [],
  };
}

function isBusy(payment: Payment, { refunds }: Account): boolean {
  return (
    isOpen(payment) ||
    payment.attempts.some(({ nextActionAt }) => nextActionAt !== null) ||
    refunds.some(({ paymentId, nextActionAt }) => paymentId === payment.id && nextActionAt !== null)
  );
}

function isMatter({ id, items }: Payment, { paymentId, subscriptionId }: Matters): boolean {
  return id === paymentId || items.some((item) => item.subscriptionId === subscriptionId);
}

/** What was decided, and what was left in the database. */
export function written(before: Account, part: Account, decided: Account): Account {
  return {
    ...decided,
    payments: merged(before.payments, part.payments, decided.payments, ({ id }) => id),
    refunds: merged(before.refunds, part.refunds, decided.refunds, ({ id }) => id),
    cycles: [...before.cycles.filter((cycle) => !part.cycles.includes(cycle)), ...decided.cycles],
    discrepancies: [...before.discrepancies, ...decided.discrepancies],
  };
}

/** In the order in which they were made. */
function merged<T>(
  before: readonly T[],
  part: readonly T[],
  decided: readonly T[],
  keyOf: (item: T) => string,
): readonly T[] {
  if (part.length === before.length) return decided;
  const after = new Map(decided.map((item) => [keyOf(item), item]));
  const kept = before.map((item) => after.get(keyOf(item)) ?? item);
  return [...kept, ...decided.slice(part.length)];
}
