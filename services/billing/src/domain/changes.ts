import type { AuditEntry } from '@perennial/audit';
import type { Announcement, Cause } from '@perennial/contracts';
import type { Account } from './account';
import { tellDiscrepancy, tellPayment, tellRefund, tellSchedule } from './announcements';
import type { Moment } from './moment';
import type { Payment } from './payment';
import type { Refund } from './refund';
import type { Schedule } from './schedule';

interface Changed<T> {
  readonly before: T | undefined;
  readonly after: T;
}

/** What a decision changed: read off the two states, so that no change can forget to be written or told. */
export interface Changes {
  /** As decided, with the versions of what changed raised. */
  readonly account: Account;
  readonly schedules: readonly Changed<Schedule>[];
  readonly payments: readonly Changed<Payment>[];
  readonly refunds: readonly Changed<Refund>[];
  readonly announcements: readonly Announcement[];
  readonly audit: readonly AuditEntry[];
}

export function changesBetween(
  before: Account,
  decided: Account,
  cause: Cause,
  moment: Moment,
): Changes {
  const schedules = changed(before.schedules, decided.schedules, (s) => s.subscriptionId);
  const payments = changed(before.payments, decided.payments, ({ id }) => id);
  const refunds = changed(before.refunds, decided.refunds, ({ id }) => id);
  const account = {
    ...decided,
    schedules: latest(decided.schedules, schedules, (s) => s.subscriptionId),
    payments: latest(decided.payments, payments, ({ id }) => id),
    refunds: latest(decided.refunds, refunds, ({ id }) => id),
  };
  const telling = { account, cause, moment };
  return {
    account,
    schedules,
    payments,
    refunds,
    announcements: [
      ...payments.flatMap((change) => tellPayment(change.before, change.after, telling)),
      ...schedules.flatMap((change) => tellSchedule(change.before, change.after, telling)),
      ...refunds.flatMap((change) => tellRefund(change.before, change.after, telling)),
      ...account.discrepancies.map((discrepancy) => tellDiscrepancy(discrepancy, cause)),
    ],
    audit: auditOf(before, { account, schedules, payments, refunds }, cause, moment),
  };
}

/** Those that are not the very same as before, with their version raised. */
function changed<T extends { readonly version: number }>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): Changed<T>[] {
  const known = new Map(before.map((item) => [keyOf(item), item]));
  return after.flatMap((item) => {
    const earlier = known.get(keyOf(item));
    if (earlier === item) return [];
    return [{ before: earlier, after: { ...item, version: (earlier?.version ?? 0) + 1 } }];
  });
}

function latest<T>(
  items: readonly T[],
  changes: readonly Changed<T>[],
  keyOf: (item: T) => string,
): readonly T[] {
  const raised = new Map(changes.map(({ after }) => [keyOf(after), after]));
  return items.map((item) => raised.get(keyOf(item)) ?? item);
}

type Parts = Pick<Changes, 'account' | 'schedules' | 'payments' | 'refunds'>;

function auditOf(
  before: Account,
  { account, schedules, payments, refunds }: Parts,
  cause: Cause,
  { now: at }: Moment,
): AuditEntry[] {
  const entry = (
    type: string,
    id: string,
    from: string | null,
    to: string,
    facts: object,
  ): AuditEntry => ({ entity: { type, id }, from, to, facts, cause, at });
  const customer = account.customer;
  const waived = account.cycles.filter((cycle) => !before.cycles.includes(cycle));
  return [
    ...(customer === before.customer
      ? []
      : [entry('customer', customer.id, null, methodState(account), customer)]),
    ...schedules.map((change) =>
      entry(
        'subscription',
        change.after.subscriptionId,
        change.before?.state ?? null,
        change.after.state,
        change.after,
      ),
    ),
    ...waived.map((cycle) =>
      entry('cycle', `${cycle.subscriptionId}:${cycle.cycle}`, null, cycle.status, cycle),
    ),
    ...payments.map((change) =>
      entry(
        'payment',
        change.after.id,
        change.before?.status ?? null,
        change.after.status,
        change.after,
      ),
    ),
    ...refunds.map((change) =>
      entry(
        'refund',
        change.after.id,
        change.before?.status ?? null,
        change.after.status,
        change.after,
      ),
    ),
    ...account.discrepancies.map((discrepancy) =>
      entry('discrepancy', discrepancy.id, null, 'open', discrepancy),
    ),
  ];
}

function methodState({ customer }: Account): string {
  if (customer.erased) return 'erased';
  if (!customer.paymentMethod) return 'awaited';
  return customer.paymentMethod.unavailable ? 'unavailable' : 'chargeable';
}
