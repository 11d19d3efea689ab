import { billingDate, daysBetween } from '@perennial/calendar';
import {
  type Account,
  endSubscription,
  liveSchedules,
  openPaymentOf,
  withDiscrepancy,
  withSchedule,
} from './account';
import { cardEnd } from './card';
import type { Moment } from './moment';
import type { Cycle } from './payment';
import { type EndCause, type LiveSchedule, nextBillingDate, nextChargeAt } from './schedule';

/**
 * Finds every cycle whose charge time has come: it becomes owed, is waived when that comes too late,
 * or ends its subscription instead. Billing rules: "Charging" 1 and 4, "Cancelling".
 */
export function findDueCycles(account: Account, moment: Moment): Account {
  return liveSchedules(account).reduce(
    (next, schedule) => findDueCyclesOf(next, schedule, moment),
    account,
  );
}

function findDueCyclesOf(account: Account, first: LiveSchedule, moment: Moment): Account {
  let next = account;
  let schedule = first;
  while (nextChargeAt(schedule, moment.rules.time) <= moment.now) {
    const end = endInsteadOfCharge(next, schedule);
    if (end) {
      return endSubscription(
        next,
        schedule.subscriptionId,
        { cause: end, at: moment.now, skippedCycle: schedule.nextCycle },
        { keepWaiting: end === 'cancellation_due' },
      );
    }
    next = addCycle(next, schedule, moment);
    schedule = {
      ...schedule,
      nextCycle: schedule.nextCycle + 1,
    };
    next = withSchedule(next, schedule);
  }
  return next;
}

function endInsteadOfCharge(account: Account, schedule: LiveSchedule): EndCause | null {
  const { cancellation } = schedule;
  if (cancellation && cancellation.on <= nextBillingDate(schedule)) return 'cancellation_due';
  return cardEnd(account.customer);
}

function addCycle(account: Account, schedule: LiveSchedule, moment: Moment): Account {
  const { purchase, nextCycle, subscriptionId } = schedule;
  const date = billingDate(purchase, nextCycle);
  const daysLate = daysBetween(date, moment.today);
  const behindOpenPayment = openPaymentOf(account, subscriptionId) !== undefined;
  const waived = daysLate > moment.rules.catchUpMaxDays && !behindOpenPayment;
  const cycle: Cycle = {
    subscriptionId,
    cycle: nextCycle,
    billingDate: date,
    amount: purchase.amount,
    status: waived ? 'waived' : 'waiting',
    foundAt: moment.now,
  };
  const owing = { ...account, cycles: [...account.cycles, cycle] };
  if (!waived) return owing;
  return withDiscrepancy(owing, {
    id: moment.newId(),
    kind: 'waived_cycle',
    provider: account.customer.paymentMethod?.provider ?? 'none',
    paymentId: null,
    about: `${subscriptionId}:${nextCycle}`,
    details: {
      subscriptionId,
      cycle: nextCycle,
      billingDate: date,
      daysLate,
      amountMinor: purchase.amount.amountMinor,
      currency: purchase.amount.currency,
    },
    openedAt: moment.now,
  });
}
