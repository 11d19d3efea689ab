import type { Money } from '@perennial/contracts';
import { type Account, withRefund } from './account';
import { type Asked, isAboutLatestSend, type RefundEvidence, type Source } from './evidence';
import type { Moment } from './moment';
import type { Refund } from './refund';
import { bothSides, openedAbout, type RefundMatter } from './refund-matter';
import { carryOnRefund } from './refund-unsettled';
import { leftMinor } from './refunding';
import { refundCrossedCancellations } from './success';

/**
 * The one rule for what we learn about a refund of ours, whichever way it comes: as with charges.
 * Billing rules: "Provider events", refund.
 */
export function settleRefund(
  account: Account,
  reference: string,
  evidence: RefundEvidence,
  by: Source,
  moment: Moment,
  asked: Asked | null = null,
): Account {
  const refund = account.refunds.find(({ request }) => request?.reference === reference);
  return refund ? weighRefund({ account, refund, by, asked, moment }, evidence) : account;
}

export function weighRefund(matter: RefundMatter, evidence: RefundEvidence): Account {
  if (matter.refund.status !== 'pending') return afterTheEnd(matter, evidence);
  switch (evidence.outcome) {
    case 'succeeded':
      return succeed(matter, evidence);
    case 'failed':
      return failed(matter, evidence.providerReference);
    case 'refused':
      // Refused when asked for, no money has moved: the amount is free to be asked for again.
      return matter.by === 'response' && isAboutLatestSend(matter.refund, matter.asked)
        ? openedAbout({ ...matter, account: failed(matter, null) }, 'provider_refused', {
            detail: evidence.detail,
          })
        : carryOnRefund(matter, evidence);
    default:
      return carryOnRefund(matter, evidence);
  }
}

type Succeeded = Extract<RefundEvidence, { outcome: 'succeeded' }>;

function succeed(matter: RefundMatter, { providerReference, amount }: Succeeded): Account {
  const account = settled(matter, 'succeeded', providerReference);
  return isOtherThan(matter.refund, amount)
    ? openedAbout(
        { ...matter, account },
        'refund_differs',
        bothSides(matter.refund, { status: 'succeeded', amount }),
      )
    : account;
}

/** The money is there to be given back: what a cancellation has crossed is, by itself. */
function failed(matter: RefundMatter, providerReference: string | null): Account {
  const { refund, moment } = matter;
  const account = settled(matter, 'failed', providerReference);
  const payment = account.payments.find(({ id }) => id === refund.paymentId);
  return payment ? refundCrossedCancellations({ account, payment, moment }) : account;
}

function settled(
  { account, refund, moment }: RefundMatter,
  status: 'succeeded' | 'failed',
  providerReference: string | null,
): Account {
  return withRefund(account, {
    ...refund,
    status,
    providerReference: providerReference ?? refund.providerReference,
    delivery: null,
    nextActionAt: null,
    settledAt: moment.now,
  });
}

function isOtherThan({ amount }: Refund, told: Money | undefined): boolean {
  if (!told) return false;
  return told.amountMinor !== amount.amountMinor || told.currency !== amount.currency;
}

/** A settled refund stays, but for money that went back after all. */
function afterTheEnd(matter: RefundMatter, evidence: RefundEvidence): Account {
  const { account, refund, by } = matter;
  if (by === 'reconciliation') return account;
  if (evidence.outcome === 'failed' && refund.status === 'succeeded') {
    return openedAbout(matter, 'refund_differs', bothSides(refund, { status: 'failed' }));
  }
  if (evidence.outcome !== 'succeeded') return account;
  const told = bothSides(refund, { status: 'succeeded', amount: evidence.amount });
  if (refund.status === 'succeeded') {
    return isOtherThan(refund, evidence.amount)
      ? openedAbout(matter, 'refund_differs', told)
      : account;
  }
  return amountIsFree(account, refund)
    ? openedAbout(
        { ...matter, account: settled(matter, 'succeeded', evidence.providerReference) },
        'refund_differs',
        told,
      )
    : openedAbout(matter, 'refund_exceeds_payment', told);
}

/** Whether what failed has not been given back otherwise since. */
function amountIsFree(account: Account, { attemptId, amount }: Refund): boolean {
  const capture = account.payments
    .flatMap(({ attempts }) => attempts)
    .find(({ id }) => id === attemptId);
  return capture !== undefined && leftMinor(account, capture) >= amount.amountMinor;
}
