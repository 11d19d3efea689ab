import type { Tx } from '@perennial/database';
import type { Account } from '../domain/account';
import type { Attempt, Cycle, Payment } from '../domain/payment';
import { CustomerRow, scheduleOf } from './account-rows';
import { AttemptRow, CycleRow, PaymentRow } from './payment-rows';
import { RefundRow } from './refund-rows';

/** Besides the payments that are open or have something to be done: those that the matter is about. */
export interface Matters {
  readonly paymentIds?: readonly string[];
  /** Paid cycles of these, as far as a cancellation may have crossed their charge. */
  readonly subscriptionIds?: readonly string[];
}

/** Accounts that are locked already, whole, in one statement a table. */
export async function loadAccounts(
  customerIds: readonly string[],
  matters: Matters,
  tx: Tx,
): Promise<Account[]> {
  if (customerIds.length === 0) return [];
  const ids = { customerIds };
  const customers = await tx.select(
    'SELECT * FROM accounts WHERE customer_id IN (:customerIds)',
    ids,
  );
  const schedules = await tx.select(
    'SELECT * FROM schedules WHERE customer_id IN (:customerIds)',
    ids,
  );
  const waiting = await tx.select(
    'SELECT * FROM cycles WHERE waiting_customer_id IN (:customerIds)',
    ids,
  );
  const payments = await loadPayments(await paymentIdsOf(customerIds, matters, tx), tx);
  const refunds = await loadRefunds(
    payments.map(({ id }) => id),
    tx,
  );
  const parts = {
    schedules: groupBy(schedules.map(scheduleOf), ({ customerId }) => customerId),
    cycles: groupBy(
      waiting.map((row) => CycleRow.parse(row)),
      ({ customerId }) => customerId,
    ),
    payments: groupBy(payments, ({ customerId }) => customerId),
    refunds: groupBy(refunds, ({ paymentId }) => paymentId),
  };
  return customers.map((row) => {
    const customer = CustomerRow.parse(row);
    const own = parts.payments.get(customer.id) ?? [];
    return {
      customer,
      schedules: parts.schedules.get(customer.id) ?? [],
      cycles: (parts.cycles.get(customer.id) ?? []).map(({ cycle }) => cycle),
      payments: own,
      refunds: own.flatMap(({ id }) => parts.refunds.get(id) ?? []),
      discrepancies: [],
    };
  });
}

async function paymentIdsOf(
  customerIds: readonly string[],
  { paymentIds = [], subscriptionIds = [] }: Matters,
  tx: Tx,
): Promise<string[]> {
  const busy = await tx.select('SELECT id FROM payments WHERE busy_customer_id IN (:customerIds)', {
    customerIds,
  });
  const crossed =
    subscriptionIds.length === 0
      ? []
      : await tx.select(
          `SELECT payment_id AS id FROM cycles
           WHERE subscription_id IN (:subscriptionIds) AND payment_id IS NOT NULL`,
          { subscriptionIds },
        );
  return [...new Set([...paymentIds, ...[...busy, ...crossed].map(({ id }) => String(id))])];
}

export async function loadPayments(ids: readonly string[], tx: Tx): Promise<Payment[]> {
  if (ids.length === 0) return [];
  const payments = await tx.select('SELECT * FROM payments WHERE id IN (:ids)', { ids });
  const cycles = await tx.select(
    'SELECT * FROM cycles WHERE payment_id IN (:ids) ORDER BY subscription_id, cycle',
    { ids },
  );
  const attempts = await tx.select(
    'SELECT * FROM attempts WHERE payment_id IN (:ids) ORDER BY payment_id, number',
    { ids },
  );
  const items = groupBy(
    cycles.map((row) => CycleRow.parse(row)),
    ({ paymentId }) => paymentId ?? '',
  );
  const tries = groupBy(
    attempts.map((row) => AttemptRow.parse(row)),
    ({ paymentId }) => paymentId,
  );
  return payments.map((row) => {
    const payment = PaymentRow.parse(row);
    const own: { items: Cycle[]; attempts: Attempt[] } = {
      items: (items.get(payment.id) ?? []).map(({ cycle }) => cycle),
      attempts: (tries.get(payment.id) ?? []).map(({ attempt }) => attempt),
    };
    return { ...payment, ...own };
  });
}

export async function loadRefunds(paymentIds: readonly string[], tx: Tx) {
  if (paymentIds.length === 0) return [];
  const rows = await tx.select(
    'SELECT * FROM refunds WHERE payment_id IN (:paymentIds) ORDER BY id',
    { paymentIds },
  );
  return rows.map((row) => RefundRow.parse(row));
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
