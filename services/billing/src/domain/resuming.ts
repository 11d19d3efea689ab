import { addMs } from '@perennial/calendar';
import { type Account, withPayment, withRefund } from './account';
import { cardEnd } from './card';
import { abandonForCard, dropUncollectable } from './charging';
import { CALL_LEASE_MS, keyIsAlive } from './delays';
import type { Moment } from './moment';
import {
  type Attempt,
  amountOf,
  isOpen,
  isUnresolved,
  type Payment,
  underWay,
  withAttempt,
} from './payment';
import type { Refund } from './refund';

/** Takes up every attempt and refund whose time has come: ask what became of it, or send it again. */
export function resumeDue(account: Account, moment: Moment): Account {
  const charges = account.payments.reduce((next, payment) => {
    const attempt = underWay(payment);
    return attempt && isDue(attempt, moment) ? resume(next, payment, attempt, moment) : next;
  }, account);
  return charges.refunds
    .filter((refund) => isDue(refund, moment))
    .reduce((next, refund) => withRefund(next, resumedRefund(refund, moment)), charges);
}

function isDue({ nextActionAt }: Attempt | Refund, { now }: Moment): boolean {
  return nextActionAt !== null && nextActionAt <= now;
}

function resume(account: Account, payment: Payment, attempt: Attempt, moment: Moment): Account {
  if (isUnresolved(attempt)) return withPayment(account, leased(payment, attempt, moment));
  return sendAgain(account, payment, attempt, moment);
}

function sendAgain(account: Account, payment: Payment, attempt: Attempt, moment: Moment): Account {
  const closed = withAttempt(payment, { ...attempt, nextActionAt: null });
  if (!isOpen(payment)) return withPayment(account, closed);

  const left = dropUncollectable(account, closed, moment);
  if (!isOpen(left)) return withPayment(account, left);
  const end = cardEnd(account.customer);
  if (end) return abandonForCard(account, left, end, moment);

  // Past the life of its key it is asked about once more before any other key is used.
  const { keyLifetimeMs } = moment.sheetOf(attempt.provider);
  if (!keyIsAlive(attempt.firstSentAt, keyLifetimeMs, moment.now)) {
    return withPayment(account, leased(payment, attempt, moment));
  }
  if (!asksTheSame(account, left, attempt, moment)) {
    return withPayment(account, { ...left, nextAttemptAt: moment.now });
  }
  return withPayment(account, resent(payment, attempt, moment));
}

/** One key has one body: an item dropped or a card replaced since then asks for an attempt of its own. */
function asksTheSame(
  { customer: { paymentMethod: method } }: Account,
  payment: Payment,
  { provider, reference, startedAt: at, body }: Attempt,
  { sheetOf }: Moment,
): boolean {
  if (method?.provider !== provider) return false;
  const facts = { reference, amount: amountOf(payment), paymentMethod: method.reference, at };
  return sheetOf(provider).chargeBody(facts) === body;
}

function resent(payment: Payment, attempt: Attempt, moment: Moment): Payment {
  return {
    ...leased(
      payment,
      {
        ...attempt,
        status: 'created',
        sends: attempt.sends + 1,
        firstSentAt: attempt.firstSentAt ?? moment.now,
        lastSentAt: moment.now,
      },
      moment,
    ),
    status: 'processing',
    nextAttemptAt: null,
  };
}

/** Until then nobody else takes it up; after it, whoever is alive does. */
function leased(payment: Payment, attempt: Attempt, { now }: Moment): Payment {
  return withAttempt(payment, { ...attempt, nextActionAt: addMs(now, CALL_LEASE_MS) });
}

/** Past the life of its key it is only asked about. */
function resumedRefund(refund: Refund, { now, sheetOf }: Moment): Refund {
  const nextActionAt = addMs(now, CALL_LEASE_MS);
  const { keyLifetimeMs } = sheetOf(refund.provider);
  const isAlive = keyIsAlive(refund.firstSentAt, keyLifetimeMs, now);
  if (refund.delivery !== 'to_send' || !isAlive) return { ...refund, nextActionAt };
  return {
    ...refund,
    delivery: 'sent',
    nextActionAt,
    sends: refund.sends + 1,
    firstSentAt: refund.firstSentAt ?? now,
    lastSentAt: now,
  };
}
