import type { RefundEvidence } from '../src/domain/evidence';
import { recordDashboardRefund, settleRefund, type ToldRefund } from '../src/domain/refunding';
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

/** About the newest refund, by response, webhook or enquiry: all three are one rule. */
export function hears(customer: OneCustomer, evidence: RefundEvidence) {
  const reference = customer.account.refunds.at(-1)?.request?.reference ?? 'none';
  return customer.decide((account, moment) => settleRefund(account, reference, evidence, moment));
}

export const done: RefundEvidence = { outcome: 'succeeded', providerReference: 're_own' };
export const refundCalls = ({ calls }: OneCustomer) =>
  calls.flatMap((call) => ('refund' in call ? [call] : []));
export const minors = ({ account }: OneCustomer) =>
  account.refunds.map(({ amount }) => amount.amountMinor);
