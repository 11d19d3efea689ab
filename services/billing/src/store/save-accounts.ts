import type { Row, Tx } from '@perennial/database';
import type { Account } from '../domain/account';
import type { Discrepancy } from '../domain/discrepancy';
import { dueAt } from '../domain/due';
import type { Moment } from '../domain/moment';
import { type Attempt, capturedMinor, captures, isOpen, type Payment } from '../domain/payment';
import { type Refund, refundedMinor } from '../domain/refund';
import { customerRow, discrepancyRow, scheduleRow } from './account-rows';
import { attemptRow, cycleRow, paymentRow } from './payment-rows';
import { refundRow } from './refund-rows';

export interface Decided {
  readonly before: Account;
  readonly after: Account;
}

interface MoneyTable {
  readonly name: string;
  readonly key: readonly string[];
  rowsOf(account: Account): Row[];
}

/** What the audit trail can build again. */
export const moneyTables: readonly MoneyTable[] = [
  { name: 'schedules', key: ['subscriptionId'], rowsOf: (a) => a.schedules.map(scheduleRow) },
  { name: 'payments', key: ['id'], rowsOf: paymentRows },
  { name: 'cycles', key: ['subscriptionId', 'cycle'], rowsOf: cycleRows },
  { name: 'attempts', key: ['id'], rowsOf: attemptRows },
  { name: 'refunds', key: ['id'], rowsOf: (a) => a.refunds.map(refundRow) },
  { name: 'captures', key: ['attemptId'], rowsOf: captureRows },
];

/** Writes what differs, in a fixed number of statements whatever the number of accounts. */
export async function saveAccounts(
  decided: readonly Decided[],
  discrepancies: readonly Discrepancy[],
  moment: Moment,
  tx: Tx,
): Promise<void> {
  for (const table of moneyTables) {
    const { added, changed } = differenceOf(table, decided);
    // Who gives up a place that is free once comes before who takes it.
    await tx.update(
      table.name,
      table.key,
      changed.filter((row) => !takesPlace(row)),
    );
    await tx.update(table.name, table.key, changed.filter(takesPlace));
    await tx.insert(table.name, added);
  }
  await tx.insert('discrepancies', discrepancies.map(discrepancyRow));
  const accounts = decided.map(({ after }) => customerRow(after.customer, dueAt(after, moment)));
  await tx.update('accounts', ['customerId'], accounts);
}

function takesPlace(row: Row): boolean {
  return Boolean(row['openSubscriptionId'] ?? row['unresolvedPaymentId']);
}

function paymentRows({ payments, refunds }: Account): Row[] {
  return payments.map((payment) => {
    const busy =
      isOpen(payment) ||
      payment.attempts.some(({ nextActionAt }) => nextActionAt !== null) ||
      refunds.some((one) => one.paymentId === payment.id && one.nextActionAt !== null);
    return paymentRow(payment, busy);
  });
}

function cycleRows({ customer, cycles, payments }: Account): Row[] {
  const rowsIn = (payment: Payment) =>
    payment.items.map((item) => cycleRow(item, customer.id, payment));
  return [
    ...cycles.map((cycle) => cycleRow(cycle, customer.id, null)),
    ...payments.flatMap(rowsIn),
  ];
}

function attemptRows({ payments }: Account): Row[] {
  return payments.flatMap(({ id, attempts }) => attempts.map((one) => attemptRow(one, id)));
}

function captureRows({ payments, refunds }: Account): Row[] {
  return payments.flatMap(captures).map((attempt) => captureRow(attempt, refunds));
}

export function captureRow(attempt: Attempt, refunds: readonly Refund[]): Row {
  return {
    attemptId: attempt.id,
    capturedMinor: capturedMinor(attempt),
    refundedMinor: refundedMinor(refunds, attempt.id),
  };
}

function differenceOf(table: MoneyTable, decided: readonly Decided[]) {
  const added: Row[] = [];
  const changed: Row[] = [];
  const keyOf = (row: Row) => table.key.map((name) => String(row[name])).join(' ');
  for (const { before, after } of decided) {
    const known = new Map(table.rowsOf(before).map((row) => [keyOf(row), row]));
    for (const row of table.rowsOf(after)) {
      const earlier = known.get(keyOf(row));
      if (!earlier) added.push(row);
      else if (Object.entries(row).some(([name, value]) => earlier[name] !== value)) {
        changed.push(row);
      }
    }
  }
  return { added, changed };
}
