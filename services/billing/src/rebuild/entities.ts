import type { Row } from '@perennial/database';
import type { Customer } from '../domain/account';
import type { Discrepancy } from '../domain/discrepancy';
import type { Cycle, Payment } from '../domain/payment';
import type { Refund } from '../domain/refund';
import type { Schedule } from '../domain/schedule';
import { customerRow, discrepancyRow, scheduleRow } from '../store/account-rows';
import { attemptRow, cycleRow, paymentRow } from '../store/payment-rows';
import { refundRow } from '../store/refund-rows';
import type { ToldCaptures } from './captures';

export interface Rebuilt {
  readonly table: string;
  readonly key: readonly string[];
  readonly row: Row;
}

interface Entity {
  readonly type: string;
  rowsOf(facts: string, captures: ToldCaptures): readonly Rebuilt[];
}

/** What each kind of audit entry says that the tables must hold. Refunds first: captures add them up. */
export const entities: readonly Entity[] = [
  { type: 'customer', rowsOf: (text) => customerRows(factsOf<Customer>(text)) },
  {
    type: 'subscription',
    rowsOf: (text) => [
      { table: 'schedules', key: ['subscriptionId'], row: scheduleRow(factsOf<Schedule>(text)) },
    ],
  },
  { type: 'refund', rowsOf: (text, captures) => refundRows(factsOf<Refund>(text), captures) },
  { type: 'payment', rowsOf: (text, captures) => paymentRows(factsOf<Payment>(text), captures) },
  { type: 'discrepancy', rowsOf: (text) => discrepancyRows(text) },
];

/** A cycle that waits, was waived, or was dropped before it had a payment. */
export function rebuiltCycle(facts: string, customerId: string): Row {
  return cycleRow(factsOf<Cycle>(facts), customerId, null);
}

/** The facts are the domain's own objects: what wrote them is what reads them. */
function factsOf<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** Without when it is next due, which follows from all the rest. */
function customerRows(customer: Customer): Rebuilt[] {
  const { dueAt: _dueAt, ...row } = customerRow(customer, null);
  return [{ table: 'accounts', key: ['customerId'], row }];
}

function refundRows(refund: Refund, captures: ToldCaptures): Rebuilt[] {
  captures.add(refund);
  return [{ table: 'refunds', key: ['id'], row: refundRow(refund) }];
}

function paymentRows(payment: Payment, captures: ToldCaptures): Rebuilt[] {
  const { busyCustomerId: _busy, ...row } = paymentRow(payment, false);
  return [
    { table: 'payments', key: ['id'], row },
    ...payment.items.map((item) => ({
      table: 'cycles',
      key: ['subscriptionId', 'cycle'],
      row: cycleRow(item, payment.customerId, payment),
    })),
    ...payment.attempts.map((attempt) => ({
      table: 'attempts',
      key: ['id'],
      row: attemptRow(attempt, payment.id),
    })),
    ...captures.rowsOf(payment),
  ];
}

function discrepancyRows(text: string): Rebuilt[] {
  const {
    state = 'open',
    note = null,
    ...facts
  } = factsOf<Discrepancy & { state?: string; note?: string | null }>(text);
  return [{ table: 'discrepancies', key: ['id'], row: { ...discrepancyRow(facts), state, note } }];
}
