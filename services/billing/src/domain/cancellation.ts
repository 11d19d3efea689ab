import { type Account, endSubscription, scheduleOf, withPayment, withSchedule } from './account';
import { dropUncollectable } from './charging';
import type { Moment } from './moment';
import { isOpen, underWay } from './payment';
import { awaited, type Cancellation, type End, nextBillingDate, type Schedule } from './schedule';
import { refundCrossedCancellations } from './success';

/**
 * The newest word about a scheduled cancellation (null: revoked); older ones change nothing. It may come
 * after the end: then it still says which charges had crossed it.
 */
export function cancellationNoticed(
  account: Account,
  subscriptionId: string,
  notice: { cancellation: Cancellation | null; version: number },
  moment: Moment,
): Account {
  const schedule = knownSchedule(account, subscriptionId);
  if (notice.version <= schedule.noticeVersion) return account;
  const noticed = withSchedule(account, {
    ...schedule,
    cancellation: notice.cancellation,
    noticeVersion: notice.version,
  });
  return undoCrossedCharges(
    endIfDatePassed(noticed, subscriptionId, moment),
    subscriptionId,
    moment,
  );
}

/** The word came after its date had been charged: the subscription ends now, not a cycle later. */
function endIfDatePassed(account: Account, subscriptionId: string, { now }: Moment): Account {
  const schedule = scheduleOf(account, subscriptionId);
  if (schedule?.state !== 'live' || !schedule.cancellation) return account;
  const passed = schedule.cancellation.on < nextBillingDate(schedule);
  const begun = schedule.nextCycle > schedule.purchase.firstCycle;
  if (!passed || !begun) return account;
  const end = { cause: 'cancellation_due', at: now, skippedCycle: schedule.nextCycle - 1 } as const;
  return endSubscription(account, subscriptionId, end, { keepWaiting: true });
}

/** Over at once: unpaid cycles are dropped, an attempt in flight finishes and stands. */
export function subscriptionEnded(
  account: Account,
  subscriptionId: string,
  end: End,
  moment: Moment,
): Account {
  const known = withSchedule(account, knownSchedule(account, subscriptionId));
  if (scheduleOf(known, subscriptionId)?.state === 'ended') return account;
  return undoCrossedCharges(endSubscription(known, subscriptionId, end), subscriptionId, moment);
}

function knownSchedule(account: Account, subscriptionId: string): Schedule {
  return scheduleOf(account, subscriptionId) ?? awaited(subscriptionId, account.customer.id);
}

/** A charge that crossed the cancellation on its way is dropped where it can be, else refunded. */
function undoCrossedCharges(account: Account, subscriptionId: string, moment: Moment): Account {
  return account.payments
    .filter(({ items }) => items.some((item) => item.subscriptionId === subscriptionId))
    .reduce((next, payment) => {
      if (isOpen(payment)) {
        const inFlight = underWay(payment);
        if (inFlight && inFlight.status !== 'not_sent') return next;
        return withPayment(next, dropUncollectable(next, payment, moment));
      }
      return refundCrossedCancellations({ account: next, payment, moment });
    }, account);
}
