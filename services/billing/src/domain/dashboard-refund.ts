import type { KnownRefundReason, Money } from '@perennial/contracts';
import { type Account, withDiscrepancy, withRefund } from './account';
import { allocatedByItself, itemsLeft } from './allocation';
import type { RefundEvidence } from './evidence';
import type { Moment } from './moment';
import { type Attempt, type Payment, total } from './payment';
import { blankRefund } from './refund';
import { weighRefund } from './refund-settlement';
import { leftMinor } from './refunding';

/** A refund that the provider tells of without a reference of ours. */
export interface ToldRefund {
  readonly providerReference: string;
  readonly outcome: 'success' | 'failure';
  /** Null: all that is left. */
  readonly amount: Money | null;
  readonly reason: KnownRefundReason;
  readonly rawReason: string | null;
}

/**
 * Records a refund from the provider's dashboard of the capture that it names. More than is left, or
 * another currency, is refused and shown to an operator. One that is known already is weighed instead.
 */
export function recordDashboardRefund(
  account: Account,
  payment: Payment,
  attempt: Attempt,
  told: ToldRefund,
  moment: Moment,
): Account {
  const refund = account.refunds.find(
    ({ provider, providerReference }) =>
      provider === attempt.provider && providerReference === told.providerReference,
  );
  if (refund) {
    const matter = { account, refund, by: 'webhook', asked: null, moment } as const;
    return weighRefund(matter, evidenceOf(told));
  }
  if (told.outcome === 'failure') return account;
  const left = leftMinor(account, attempt);
  const amount = told.amount ?? { amountMinor: left, currency: payment.currency };
  const fits =
    amount.amountMinor > 0 && amount.amountMinor <= left && amount.currency === payment.currency;
  if (!fits) return refuseExcess(account, payment, attempt, told, left, moment);
  return withRefund(account, {
    ...blankRefund(payment, attempt, moment),
    id: moment.newId(),
    amount,
    reason: told.reason,
    rawReason: told.rawReason,
    origin: 'provider',
    items: allocatedByItself(itemsLeft(account, payment), amount.amountMinor, payment.currency),
    status: 'succeeded',
    providerReference: told.providerReference,
    settledAt: moment.now,
  });
}

/**
 * Too much only while refunds of ours may still take their part: which of them the provider has carried
 * out will be known soon, so this one waits.
 */
export function waitsForOurs(
  account: Account,
  attempt: Attempt,
  { outcome, amount, providerReference }: ToldRefund,
): boolean {
  const ours = account.refunds.filter((one) => one.attemptId === attempt.id);
  if (ours.some((one) => one.providerReference === providerReference)) return false;
  const open = total(
    ours.filter(({ status }) => status === 'pending'),
    attempt.amount.currency,
  ).amountMinor;
  const left = leftMinor(account, attempt);
  const wanted = amount?.amountMinor ?? left + open;
  return outcome === 'success' && wanted > left && wanted <= left + open;
}

export function evidenceOf(
  told: Pick<ToldRefund, 'outcome' | 'providerReference' | 'amount'>,
): RefundEvidence {
  const { providerReference, amount } = told;
  return told.outcome === 'success'
    ? { outcome: 'succeeded', providerReference, ...(amount && { amount }) }
    : { outcome: 'failed', providerReference };
}

function refuseExcess(
  account: Account,
  payment: Payment,
  attempt: Attempt,
  told: ToldRefund,
  left: number,
  moment: Moment,
): Account {
  return withDiscrepancy(account, {
    id: moment.newId(),
    kind: 'refund_exceeds_payment',
    provider: attempt.provider,
    paymentId: payment.id,
    about: told.providerReference,
    details: {
      providerReference: told.providerReference,
      amountMinor: told.amount?.amountMinor ?? null,
      currency: told.amount?.currency ?? null,
      leftMinor: left,
    },
    openedAt: moment.now,
  });
}
