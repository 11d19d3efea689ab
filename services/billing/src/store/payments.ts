import type { Tx } from '@perennial/database';
import type { Payment } from '../domain/payment';
import type { Refund } from '../domain/refund';
import { groupBy, loadPayments, loadRefunds } from './load-accounts';

const CONDITIONS = {
  customerId: 'payments.customer_id = :customerId',
  subscriptionId: 'cycles.subscription_id = :subscriptionId',
  status: 'payments.status = :status',
  provider: 'payments.provider = :provider',
  billingDateFrom: 'payments.billing_date >= :billingDateFrom',
  billingDateTo: 'payments.billing_date <= :billingDateTo',
} as const;

export type PaymentFilter = { readonly [Name in keyof typeof CONDITIONS]?: string | undefined };

export interface FoundPayment {
  readonly payment: Payment;
  readonly refunds: readonly Refund[];
}

/** Newest first, from `cursor` on: the id of the last one seen. */
export async function listPayments(
  filter: PaymentFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: string },
  tx: Tx,
): Promise<FoundPayment[]> {
  const given = Object.entries(CONDITIONS)
    .filter(([name]) => filter[name as keyof PaymentFilter] !== undefined)
    .map(([, condition]) => condition);
  const from =
    filter.subscriptionId === undefined
      ? 'payments'
      : 'cycles JOIN payments ON payments.id = cycles.payment_id';
  const rows = await tx.select(
    `SELECT payments.id FROM ${from} WHERE ${['payments.id < :cursor', ...given].join(' AND ')}
     ORDER BY payments.id DESC LIMIT :limit`,
    { ...filter, cursor, limit },
  );
  return findPayments(
    rows.map(({ id }) => String(id)),
    tx,
  );
}

/** In the order of `ids`; those that are not known are left out. */
export async function findPayments(ids: readonly string[], tx: Tx): Promise<FoundPayment[]> {
  const payments = new Map((await loadPayments(ids, tx)).map((one) => [one.id, one]));
  const refunds = groupBy(await loadRefunds(ids, tx), ({ paymentId }) => paymentId);
  return ids.flatMap((id) => {
    const payment = payments.get(id);
    return payment ? [{ payment, refunds: refunds.get(id) ?? [] }] : [];
  });
}

/** All that a subscription was part of, oldest first. */
export async function paymentsOfSubscription(
  subscriptionId: string,
  tx: Tx,
): Promise<FoundPayment[]> {
  const rows = await tx.select(
    `SELECT payment_id FROM cycles WHERE subscription_id = :subscriptionId AND payment_id IS NOT NULL
     ORDER BY cycle`,
    { subscriptionId },
  );
  return findPayments(
    rows.map(({ paymentId }) => String(paymentId)),
    tx,
  );
}

export async function customerOfPayment(id: string, tx: Tx): Promise<string | null> {
  const [row] = await tx.select('SELECT customer_id FROM payments WHERE id = :id', { id });
  return row ? String(row['customerId']) : null;
}
