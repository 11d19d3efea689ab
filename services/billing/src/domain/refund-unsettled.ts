import { type Account, withRefund } from './account';
import { enquireAt, isEarly, isLong, keyIsAlive, resendAt } from './delays';
import { hasMovedOn, isAboutLatestSend, type NotSent, type RefundEvidence } from './evidence';
import { type Refund, requestFor } from './refund';
import { openedAbout, type RefundMatter } from './refund-matter';

type Unsettled = Exclude<RefundEvidence, { outcome: 'succeeded' | 'failed' }>;

/** Nothing final yet: a next step with a time, always. The same steps as with a charge. */
export function carryOnRefund(matter: RefundMatter, evidence: Unsettled): Account {
  if (evidence.outcome === 'pending') return pending(matter, evidence.providerReference);
  const { account, by } = matter;
  if ((by !== 'response' && by !== 'enquiry') || isStale(matter, evidence)) return account;
  switch (evidence.outcome) {
    case 'unknown':
      return unknown(matter);
    case 'refused':
      return openedAbout({ ...matter, account: unknown(matter) }, 'provider_refused', {
        detail: evidence.detail,
      });
    case 'not_sent':
      return by === 'response' ? notSent(matter, evidence) : unknown(matter);
    case 'not_found':
      return by === 'enquiry' ? notFound(matter) : unknown(matter);
  }
}

function isStale({ refund, by, asked }: RefundMatter, { outcome }: Unsettled): boolean {
  if (!hasMovedOn(refund, asked)) return false;
  if (!isAboutLatestSend(refund, asked) || isAccepted(refund)) return true;
  if (by === 'enquiry') return outcome !== 'not_found';
  return outcome !== 'not_sent' || refund.delivery === 'to_send';
}

function pending(matter: RefundMatter, told: string | null): Account {
  const { refund, moment } = matter;
  if (isAccepted(refund) && hasMovedOn(refund, matter.asked)) return matter.account;
  const providerReference = told ?? refund.providerReference;
  const enquiries = isAccepted(refund) ? enquiriesAfter(matter) : 0;
  const nextActionAt = enquireAt('pending', enquiries, moment.now, refund.createdAt);
  const next: Refund = { ...refund, delivery: 'sent', providerReference, enquiries, nextActionAt };
  return leftOpen(matter, next);
}

function unknown(matter: RefundMatter): Account {
  const { refund, by, moment } = matter;
  const enquiries = enquiriesAfter(matter);
  const state = isAccepted(refund) ? 'pending' : 'unknown';
  const nextActionAt = enquireAt(state, enquiries, moment.now, refund.createdAt);
  const next: Refund = { ...refund, enquiries, nextActionAt };
  // Of an enquiry nothing was learnt: what was not sent is still not sent.
  return refund.delivery === 'to_send' && by === 'enquiry'
    ? withRefund(matter.account, next)
    : leftOpen(matter, { ...next, delivery: 'sent' });
}

/** The provider has named it once. */
function isAccepted({ providerReference }: Refund): boolean {
  return providerReference !== null;
}

function enquiriesAfter({ refund, by }: RefundMatter): number {
  return by === 'enquiry' ? refund.enquiries + 1 : refund.enquiries;
}

function notSent(matter: RefundMatter, { waitMs, arrived }: NotSent): Account {
  const { account, refund, moment } = matter;
  if (isAccepted(refund)) return unknown(matter);
  const onlyThisSend = refund.firstSentAt === refund.lastSentAt;
  return withRefund(account, {
    ...refund,
    delivery: 'to_send',
    firstSentAt: onlyThisSend && !arrived ? null : refund.firstSentAt,
    nextActionAt: resendAt(refund.sends, waitMs, moment.now),
  });
}

/** Past the lag: sent again at once, past the life of its key as a new request. */
function notFound(matter: RefundMatter): Account {
  const { account, refund, asked, moment } = matter;
  const { enquiryLagMs, keyLifetimeMs } = moment.sheetOf(refund.provider);
  const lastSentAt = refund.lastSentAt ?? refund.createdAt;
  const early = isEarly(asked, lastSentAt, enquiryLagMs, moment.now);
  if (isAccepted(refund) || early) return unknown(matter);
  const again: Refund = {
    ...refund,
    delivery: 'to_send',
    enquiries: enquiriesAfter(matter),
    nextActionAt: moment.now,
  };
  return keyIsAlive(refund.firstSentAt, keyLifetimeMs, moment.now)
    ? withRefund(account, again)
    : withRefund(account, askedAnew(matter, again));
}

function askedAnew({ account, moment }: RefundMatter, refund: Refund): Refund {
  const capture = account.payments
    .flatMap(({ attempts }) => attempts)
    .find(({ id }) => id === refund.attemptId);
  if (!capture) return refund;
  const request = requestFor(moment.newId(), capture, refund, moment);
  return { ...refund, request, firstSentAt: null, lastSentAt: null };
}

/** After a day an operator is told, and the enquiries go on. */
function leftOpen(matter: RefundMatter, refund: Refund): Account {
  const { moment } = matter;
  const account = withRefund(matter.account, refund);
  return isLong(refund.createdAt, moment.now)
    ? openedAbout({ ...matter, account }, 'unknown_outcome', { since: refund.createdAt })
    : account;
}
