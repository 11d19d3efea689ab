import { addMs, type Instant } from '@perennial/calendar';
import { CALL_LEASE_MS } from './delays';
import {
  AGREES,
  type Compared,
  detailsOf,
  type Finding,
  mayHaveMoved,
  NOT_MET,
  type OurRefund,
  type TheirRefund,
  theirName,
} from './reconciliation';
import type { Refund } from './refund';

/** One refund of ours beside all that the provider shows of it; `asked` as for charges. */
export function compareRefund(
  ours: OurRefund,
  theirs: readonly TheirRefund[],
  now: Instant,
  { asked }: { readonly asked: boolean },
): Compared<TheirRefund> {
  const own = (one: TheirRefund) => one.providerReference === ours.refund.providerReference;
  const weight = (one: TheirRefund) =>
    own(one) ? 2 : Number(one.evidence.outcome === 'succeeded');
  const [first, ...others] = [...theirs].sort((one, other) => weight(other) - weight(one));
  if (!first) return NOT_MET;
  const { providerReference } = ours.refund;
  const isAnother = providerReference !== null && !own(first);
  const compared = isAnother ? NOT_MET : compareOne(ours, first, now, asked);
  const second = isAnother ? theirs : others;
  return { ...compared, findings: [...compared.findings, ...second.flatMap(secondOf(ours))] };
}

function compareOne(
  ours: OurRefund,
  theirs: TheirRefund,
  now: Instant,
  asked: boolean,
): Compared<TheirRefund> {
  const { refund } = ours;
  const { outcome } = theirs.evidence;
  if (isRefundInFlight(refund, now)) return AGREES;
  if (outcome === refund.status) {
    return { ...AGREES, findings: factsThatDiffer(ours, theirs) };
  }
  const isSettled = outcome === 'succeeded' || outcome === 'failed';
  if (refund.status === 'pending') {
    const findings = factsThatDiffer(ours, theirs);
    return { ...AGREES, findings, told: isSettled ? theirs : null };
  }
  if (!isSettled && !asked) return { ...AGREES, inDoubt: true };
  return { ...AGREES, findings: [differs(ours, theirs)] };
}

/** Its answer is on the way, and will be taken by who sent it. */
export function isRefundInFlight({ status, delivery, lastSentAt }: Refund, now: Instant): boolean {
  if (status !== 'pending' || delivery !== 'sent' || lastSentAt === null) return false;
  return addMs(lastSentAt, CALL_LEASE_MS) > now;
}

function factsThatDiffer(ours: OurRefund, theirs: TheirRefund): Finding[] {
  if (!mayHaveMoved(theirs)) return [];
  const { amount } = ours.refund;
  const { amountMinor, currency } = theirs.amount;
  const sameSum = amount.amountMinor === amountMinor && amount.currency === currency;
  const samePayment =
    ours.paymentReference === null || ours.paymentReference === theirs.paymentReference;
  return sameSum && samePayment ? [] : [differs(ours, theirs)];
}

function differs({ refund }: OurRefund, theirs: TheirRefund, about = refund.id): Finding {
  const details = { ...detailsOf('refund', refund, theirs), ...paidBy(theirs) };
  return { kind: 'refund_differs', about, paymentId: refund.paymentId, details };
}

function paidBy({ paymentReference }: TheirRefund) {
  return { paymentReference };
}

/** Money went back twice under one reference of ours. */
function secondOf({ refund }: OurRefund) {
  return (theirs: TheirRefund): Finding[] =>
    strangeRefund(refund.provider, theirs).map((found) => ({
      ...found,
      paymentId: refund.paymentId,
    }));
}

/** Money that went back and of which nobody here knows. */
export function strangeRefund(provider: string, theirs: TheirRefund): Finding[] {
  if (!mayHaveMoved(theirs)) return [];
  return [
    {
      kind: 'refund_differs',
      about: theirName(provider, theirs),
      paymentId: null,
      details: { ...detailsOf('refund', null, theirs), ...paidBy(theirs) },
    },
  ];
}

export function missingRefund({ refund }: OurRefund): Finding {
  const details = detailsOf('refund', refund, null);
  return { kind: 'missing_there', about: refund.id, paymentId: refund.paymentId, details };
}

/** What the one rule made of evidence from the provider's books. */
export function settledRefund(before: OurRefund, after: Refund, theirs: TheirRefund): Finding {
  return differs(before, theirs, `${after.id}:${before.refund.status}:${after.status}`);
}
