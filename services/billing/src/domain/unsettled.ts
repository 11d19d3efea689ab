import { addMs, msOf } from '@perennial/calendar';
import { type Account, withPayment } from './account';
import { DAY_MS, enquireAt, resendAt } from './delays';
import type { ChargeEvidence } from './evidence';
import { type Matter, opened, reached } from './matter';
import { type Attempt, isOpen, isUnresolved, type Payment, withAttempt } from './payment';

type Unsettled = Exclude<ChargeEvidence, { outcome: 'succeeded' | 'declined' }>;

/** Nothing final yet: a next step with a time, always. */
export function carryOn(matter: Matter, evidence: Unsettled): Account {
  switch (evidence.outcome) {
    case 'pending':
      return pending(matter, evidence.providerReference);
    case 'unknown':
      return unknown(matter);
    case 'refused':
      return opened({ ...matter, account: unknown(matter) }, 'provider_refused', {
        detail: evidence.detail,
      });
    case 'not_sent':
      return matter.by === 'response' ? notSent(matter, evidence.waitMs) : unknown(matter);
    case 'not_found':
      return notFound(matter);
  }
}

function pending(matter: Matter, providerReference: string | null): Account {
  const { payment, attempt, moment } = matter;
  const next: Attempt = {
    ...attempt,
    status: 'pending',
    providerReference: providerReference ?? attempt.providerReference,
    enquiries: enquiriesAfter(matter),
    nextActionAt: enquireAt('pending', enquiriesAfter(matter), moment.now),
  };
  const processing = { ...withAttempt(payment, next), ...processingUnlessClosed(payment) };
  return reportIfLong(matter, reached(processing, attempt, moment));
}

function unknown(matter: Matter): Account {
  const { payment, attempt, moment } = matter;
  const status = attempt.status === 'pending' ? 'pending' : 'unknown';
  const next: Attempt = {
    ...attempt,
    status,
    enquiries: enquiriesAfter(matter),
    nextActionAt: enquireAt(status, enquiriesAfter(matter), moment.now),
  };
  return reportIfLong(matter, {
    ...withAttempt(payment, next),
    ...processingUnlessClosed(payment),
  });
}

function processingUnlessClosed(payment: Payment): Partial<Payment> {
  return isOpen(payment) ? { status: 'processing', nextAttemptAt: null } : {};
}

function enquiriesAfter({ attempt, by }: Matter): number {
  return by === 'enquiry' ? attempt.enquiries + 1 : attempt.enquiries;
}

/** Certainly not there: sent again with the same key, and no day is used up. */
function notSent(matter: Matter, waitMs: number | null): Account {
  const { account, payment, attempt, moment } = matter;
  const onlyThisSend = attempt.firstSentAt === attempt.lastSentAt;
  const nextActionAt = resendAt(attempt.sends, waitMs, moment.now);
  const next: Attempt = {
    ...attempt,
    status: 'not_sent',
    nextActionAt,
    firstSentAt: onlyThisSend ? null : attempt.firstSentAt,
  };
  return withPayment(account, {
    ...withAttempt(payment, next),
    ...(isOpen(payment) ? { status: restingStatus(payment), nextAttemptAt: null } : {}),
  });
}

/** Evidence only past the provider's declared lag; before that the enquiry may simply be early. */
function notFound(matter: Matter): Account {
  const { account, payment, attempt, moment } = matter;
  const { enquiryLagMs } = moment.sheetOf(attempt.provider);
  const lastSentAt = attempt.lastSentAt ?? attempt.startedAt;
  if (attempt.status === 'pending') return unknown(matter);
  if (msOf(moment.now) - msOf(lastSentAt) < enquiryLagMs) return unknown(matter);
  const next: Attempt = {
    ...attempt,
    status: 'not_sent',
    enquiries: enquiriesAfter(matter),
    nextActionAt: moment.now,
  };
  return withPayment(account, {
    ...withAttempt(payment, next),
    ...(isOpen(payment) ? { status: restingStatus(payment), nextAttemptAt: null } : {}),
  });
}

function restingStatus({ attempts }: Payment): 'scheduled' | 'retrying' {
  return attempts.some(({ status }) => status === 'declined') ? 'retrying' : 'scheduled';
}

/** After a day without an outcome an operator is told; the enquiries go on. */
function reportIfLong(matter: Matter, payment: Payment): Account {
  const { attempt, moment } = matter;
  const account = withPayment(matter.account, payment);
  const long = addMs(attempt.startedAt, DAY_MS) <= moment.now;
  return long && isUnresolved(attempt)
    ? opened({ ...matter, account }, 'unknown_outcome', { since: attempt.startedAt })
    : account;
}
