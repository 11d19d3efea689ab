import { chargeInstant } from '@perennial/calendar';
import { scheduleOf } from '../../src/domain/account';
import { type Cycle, captures, type Payment } from '../../src/domain/payment';
import { endedAtOnce, type Schedule } from '../../src/domain/schedule';
import { rules } from '../one-customer';
import { leftOf } from './model-provider';
import { broken } from './told';
import type { World } from './world';

/** Refunds, when everything has come to rest: against the ledger, and against what they are for. */
export function checkMoneyBack(world: World): void {
  checkLedger(world);
  for (const payment of world.account.payments) {
    const crossed = payment.items.filter((item) => isCrossed(item, world));
    checkCause(payment, world);
    checkCrossed(payment, crossed, world);
  }
}

/** Ours are in the ledger once, as often as they succeeded; and never more than was captured. */
function checkLedger({ account, network, captured }: World): void {
  const made = network.ledger.flatMap(({ refunds }) => refunds);
  const ours = account.refunds.map(({ request }) => request?.reference);
  if (made.some(({ reference }) => reference !== null && !ours.includes(reference))) {
    broken('every refund that we asked for is known here');
  }
  for (const { request, status, amount } of account.refunds) {
    if (!request) continue;
    const own = made.filter(({ reference }) => reference === request.reference);
    if (own.length > 1) broken('a refund is made once');
    if (status === 'pending') broken('every refund has an end');
    if ((status === 'succeeded') !== (own.length === 1)) {
      broken('a refund has succeeded if and only if it was made');
    }
    if (own.some(({ amountMinor }) => amountMinor !== amount.amountMinor)) {
      broken('what goes back is what was asked for');
    }
  }
  if (captured.some((charge) => leftOf(charge) < 0)) broken('never more goes back than came');
}

/** Money goes back by itself only if it came twice, or for what was cancelled before it was charged. */
function checkCause(payment: Payment, { account }: World): void {
  const bySelf = account.refunds.filter(
    ({ paymentId, origin }) => paymentId === payment.id && origin === 'automatic',
  );
  for (const { reason } of bySelf) {
    if (reason === 'duplicate' && captures(payment).length < 2) {
      broken('only what was captured twice goes back as a duplicate');
    }
  }
  const forCrossed = bySelf.filter(({ reason }) => reason === 'service_not_provided');
  if (forCrossed.length > payment.items.length) broken('a crossed charge goes back once');
}

/** Whether the cancellation had been accepted before the charge time. */
function isCrossed({ subscriptionId, billingDate, status }: Cycle, { account }: World): boolean {
  const schedule = scheduleOf(account, subscriptionId);
  return status === 'paid' && schedule !== undefined && isAccepted(schedule, billingDate);
}

function isAccepted(schedule: Schedule, billingDate: Cycle['billingDate']): boolean {
  const chargeAt = chargeInstant(billingDate, rules.time);
  const { cancellation } = schedule;
  if (cancellation && cancellation.on <= billingDate && cancellation.acceptedAt < chargeAt) {
    return true;
  }
  return schedule.state === 'ended' && endedAtOnce(schedule) && schedule.end.at < chargeAt;
}

function checkCrossed(payment: Payment, crossed: readonly Cycle[], { account }: World): void {
  const own = account.refunds.filter(({ paymentId }) => paymentId === payment.id);
  const back = own
    .filter(({ status }) => status === 'succeeded')
    .reduce((sum, { amount }) => sum + amount.amountMinor, 0);
  const owing = crossed.reduce((sum, { amount }) => sum + amount.amountMinor, 0);
  if (back < owing && own.every(({ status }) => status === 'succeeded')) {
    broken('what was cancelled before it was charged goes back');
  }
}
