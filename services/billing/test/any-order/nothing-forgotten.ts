import { type Instant, msOf } from '@perennial/calendar';
import { type Account, liveSchedules } from '../../src/domain/account';
import { oldestReady } from '../../src/domain/charging';
import { isOpen, isUnresolved, type Payment } from '../../src/domain/payment';
import { type LiveSchedule, nextChargeAt } from '../../src/domain/schedule';
import { rules } from '../one-customer';
import { broken } from './told';

const HOUR = 3_600_000;
const LONGEST_WAIT = 6 * HOUR;
const SLOT_AFTER_NEXT = 48 * HOUR;

/** Whatever is unresolved or owed has a next moment, and the account is due by then. */
export function checkNothingForgotten(account: Account, due: Instant | null, now: number): void {
  const dueBy = (at: Instant | null, what: string, longest: number) => {
    if (at === null) broken(`${what} has a next moment`);
    if (due === null || due > at) broken(`the account is due when ${what} is`);
    if (msOf(at) > now + longest) broken(`${what} is not left alone for long`);
  };
  for (const payment of account.payments) {
    for (const attempt of payment.attempts) {
      if (isUnresolved(attempt)) {
        dueBy(attempt.nextActionAt, 'an unresolved attempt', LONGEST_WAIT);
      }
    }
    if (isOpen(payment)) dueBy(nextOf(payment), 'an open payment', SLOT_AFTER_NEXT);
  }
  for (const { request, status, nextActionAt } of account.refunds) {
    if (request && status === 'pending') dueBy(nextActionAt, 'a refund of ours', SLOT_AFTER_NEXT);
  }
  for (const schedule of liveSchedules(account)) {
    const at = chargeAt(schedule);
    if (due === null || due > at) broken('the account is due at the next charge time');
  }
  if (oldestReady(account).length > 0 && (due === null || msOf(due) > now)) {
    broken('what waits and could be charged is due');
  }
}

function nextOf({ attempts, nextAttemptAt }: Payment): Instant | null {
  const moments = attempts.flatMap(({ nextActionAt }) => nextActionAt ?? []);
  return [...moments, ...(nextAttemptAt ? [nextAttemptAt] : [])].sort()[0] ?? null;
}

const chargeAts = new WeakMap<LiveSchedule, Instant>();

/** Kept, because it is asked for at every step. */
function chargeAt(schedule: LiveSchedule): Instant {
  const at = chargeAts.get(schedule) ?? nextChargeAt(schedule, rules.time);
  chargeAts.set(schedule, at);
  return at;
}
