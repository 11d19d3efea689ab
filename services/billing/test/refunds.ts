import { recordDashboardRefund, type ToldRefund } from '../src/domain/dashboard-refund';
import type { RefundEvidence, Source } from '../src/domain/evidence';
import type { Refund } from '../src/domain/refund';
import { settleRefund } from '../src/domain/refund-settlement';
import { OneCustomer } from './one-customer';

/** Two subscriptions, 10.00 and 7.00, charged together. */
export const paid = () =>
  new OneCustomer()
    .buys('s', { on: '2026-01-03' })
    .buys('t', { on: '2026-01-03', amountMinor: 700 })
    .runsOn('2026-02-03')
    .paid();

/** By webhook, about the newest payment. `null`: without an amount. */
export function told(
  customer: OneCustomer,
  amountMinor: number | null,
  more: Partial<ToldRefund> = {},
) {
  const { payment, lastAttempt } = customer;
  const refund: ToldRefund = {
    providerReference: `re_${customer.account.refunds.length}`,
    outcome: 'success',
    amount: amountMinor === null ? null : { amountMinor, currency: 'GBP' },
    ...{ reason: 'requested_by_customer', rawReason: null, ...more },
  };
  return customer.decide((account, moment) =>
    recordDashboardRefund(account, payment, lastAttempt, refund, moment),
  );
}

/** About the newest refund, unless another is named. */
export function hears(
  customer: OneCustomer,
  evidence: RefundEvidence,
  by: Source = 'response',
  reference = customer.account.refunds.at(-1)?.request?.reference ?? 'none',
  asked: Refund | null = null,
) {
  return customer.decide((account, moment) =>
    settleRefund(account, reference, evidence, by, moment, asked),
  );
}

export const done = {
  outcome: 'succeeded',
  providerReference: 're_own',
} as const satisfies RefundEvidence;
export const refundCalls = ({ calls }: OneCustomer) =>
  calls.flatMap((call) => ('refund' in call ? [call] : []));
export const minors = ({ account }: OneCustomer) =>
  account.refunds.map(({ amount }) => amount.amountMinor);
