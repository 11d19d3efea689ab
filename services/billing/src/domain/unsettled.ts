import { type Account, withPayment } from './account';
import { enquireAt, isEarly, isLong, keyIsAlive, resendAt } from './delays';
import { nextDailySlot } from './dunning';
import { type ChargeEvidence, hasMovedOn, isAboutLatestSend, type NotSent } from './evidence';
import { type Matter, opened, reached } from './matter';
import { type Attempt, isOpen, type Payment, underWay, withAttempt } from './payment';

type Unsettled = Exclude<ChargeEvidence, { outcome: 'succeeded' | 'declined' }>;

/** Nothing final yet: a next step with a time, always. */
export function carryOn(matter: Matter, evidence: Unsettled): Account {
  if (evidence.outcome === 'pending') return pending(matter, evidence.providerReference);
  if (!isAnswer(matter) || isStale(matter, evidence)) return matter.account;
  const { by } = matter;
  switch (evidence.outcome) {
    case 'unknown':
      return unknown(matter);
    case 'refused':
      return opened({ ...matter, account: unknown(matter) }, 'provider_refused', {
        detail: evidence.detail,
      });
    case 'not_sent':
      return by === 'response' ? notSent(matter, evidence) : unknown(matter);
    case 'not_found':
      return by === 'enquiry' ? notFound(matter) : unknown(matter);
  }
}

function isAnswer({ attempt, by }: Matter): boolean {
  return (by === 'response' || by === 'enquiry') && attempt.nextActionAt !== null;
}

function isStale({ attempt, by, asked }: Matter, { outcome }: Unsettled): boolean {
  if (!hasMovedOn(attempt, asked)) return false;
  if (!isAboutLatestSend(attempt, asked) || attempt.status === 'pending') return true;
  if (by === 'enquiry') return outcome !== 'not_found';
  return outcome !== 'not_sent' || attempt.status === 'not_sent';
}

/** One that was given up as not sent is taken up again, unless another is under way in its place. */
function pending(matter: Matter, providerReference: string | null): Account {
  const { account, payment, attempt, moment } = matter;
  const another = underWay(payment);
  if (another && another.id !== attempt.id) return account;
  if (attempt.status === 'pending' && hasMovedOn(attempt, matter.asked)) return account;
  const enquiries = attempt.status === 'pending' ? enquiriesAfter(matter) : 0;
  const next: Attempt = {
    ...attempt,
    status: 'pending',
    providerReference: providerReference ?? attempt.providerReference,
    enquiries,
    nextActionAt: enquireAt('pending', enquiries, moment.now, attempt.startedAt),
  };
  return leftOpen({ ...matter, payment: reached(payment, attempt, moment) }, next);
}

/** Of an enquiry nothing was learnt: what was not sent is still not sent. */
function unknown(matter: Matter): Account {
  const { attempt, by, moment } = matter;
  const enquiries = enquiriesAfter(matter);
  const state = attempt.status === 'pending' ? 'pending' : 'unknown';
  const nextActionAt = enquireAt(state, enquiries, moment.now, attempt.startedAt);
  return attempt.status === 'not_sent' && by === 'enquiry'
    ? resting(matter, { ...attempt, enquiries, nextActionAt }, null)
    : leftOpen(matter, { ...attempt, status: state, enquiries, nextActionAt });
}

function enquiriesAfter({ attempt, by }: Matter): number {
  return by === 'enquiry' ? attempt.enquiries + 1 : attempt.enquiries;
}

/** Certainly not there: sent again with the same key, and no day is used up. */
function notSent(matter: Matter, { waitMs, arrived }: NotSent): Account {
  const { attempt, moment } = matter;
  if (attempt.status === 'pending') return unknown(matter);
  const onlyThisSend = attempt.firstSentAt === attempt.lastSentAt;
  const next: Attempt = {
    ...attempt,
    status: 'not_sent',
    nextActionAt: resendAt(attempt.sends, waitMs, moment.now),
    firstSentAt: onlyThisSend && !arrived ? null : attempt.firstSentAt,
  };
  return resting(matter, next, null);
}

/**
 * Evidence only past the provider's declared lag; before that the enquiry may simply be early. Sent
 * again at once while its key lives; after that another attempt is made at the next daily slot.
 */
function notFound(matter: Matter): Account {
  const { attempt, asked, moment } = matter;
  const { enquiryLagMs, keyLifetimeMs } = moment.sheetOf(attempt.provider);
  const lastSentAt = attempt.lastSentAt ?? attempt.startedAt;
  const early = isEarly(asked, lastSentAt, enquiryLagMs, moment.now);
  if (attempt.status === 'pending' || early) return unknown(matter);
  const next = { ...attempt, status: 'not_sent', enquiries: enquiriesAfter(matter) } as const;
  return keyIsAlive(attempt.firstSentAt, keyLifetimeMs, moment.now)
    ? resting(matter, { ...next, nextActionAt: moment.now }, null)
    : resting(matter, { ...next, nextActionAt: null }, nextDailySlot(moment));
}

/** Not under way at the provider: the payment is as it was before, and waits. */
function resting(
  { account, payment }: Matter,
  attempt: Attempt,
  nextAttemptAt: Payment['nextAttemptAt'],
): Account {
  const declined = payment.attempts.some(({ status }) => status === 'declined');
  return withPayment(account, {
    ...withAttempt(payment, attempt),
    ...(isOpen(payment) ? { status: declined ? 'retrying' : 'scheduled', nextAttemptAt } : {}),
  });
}

/** The outcome is open; after a day an operator is told, and the enquiries go on. */
function leftOpen(matter: Matter, attempt: Attempt): Account {
  const { payment, moment } = matter;
  const account = withPayment(matter.account, {
    ...withAttempt(payment, attempt),
    ...(isOpen(payment) ? { status: 'processing', nextAttemptAt: null } : {}),
  });
  return isLong(attempt.startedAt, moment.now)
    ? opened({ ...matter, account }, 'unknown_outcome', { since: attempt.startedAt })
    : account;
}
