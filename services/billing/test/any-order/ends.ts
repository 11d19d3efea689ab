import { msOf } from '@perennial/calendar';
import { type Account, scheduleOf } from '../../src/domain/account';
import { isUnresolved, type Payment } from '../../src/domain/payment';
import { type End, endedAtOnce, type Schedule } from '../../src/domain/schedule';
import { dayOf, lastDay } from './days';
import { broken } from './told';
import type { Truth } from './watch';

/** The last decline. Billing rules: "Dunning". */
export function checkExhausted(
  before: Payment | undefined,
  after: Payment,
  account: Account,
  { reachedAt }: Truth,
): void {
  if (after.attempts.some(isUnresolved)) {
    broken('nobody is terminated while an attempt is pending or unknown');
  }
  const last = lastDay(Math.min(...after.attempts.map(({ reference }) => reachedAt(reference))));
  const late = after.attempts.some(
    ({ status, settledAt }) => status === 'declined' && settledAt && dayOf(settledAt) >= last,
  );
  if (!late) broken('nobody is terminated without a decline on or after F + 5');
  for (const { subscriptionId, status, billingDate } of before?.items ?? []) {
    const schedule = scheduleOf(account, subscriptionId);
    if (status === 'owed' && isWanted(schedule, billingDate) && schedule?.state !== 'ended') {
      broken('what could not be collected is terminated');
    }
  }
}

/** Stopped. Billing rules: "Provider events", card unavailable; "Cancelling". */
export function checkAbandoned(
  before: Payment | undefined,
  after: Payment,
  account: Account,
): void {
  const lost = account.customer.paymentMethod?.unavailable;
  const stopped = before ? before.items.filter(({ status }) => status === 'owed') : after.items;
  const wanted = stopped.some(({ subscriptionId, billingDate }) =>
    isWanted(scheduleOf(account, subscriptionId), billingDate),
  );
  if (!lost && wanted) broken('a payment is given up only for a lost card or a cancellation');
}

/** Neither over at once, nor cancelled at this date or before it. */
function isWanted(schedule: Schedule | undefined, billingDate: string): boolean {
  if (!schedule || endedAtOnce(schedule)) return false;
  return !schedule.cancellation || schedule.cancellation.on > billingDate;
}

/** Nothing that has ended lives again, and nobody is terminated but by the last decline. */
export function checkSchedules(before: Account, after: Account): void {
  if (before.schedules === after.schedules) return;
  for (const schedule of after.schedules) {
    const earlier = scheduleOf(before, schedule.subscriptionId);
    if (earlier?.state === 'ended') {
      if (schedule.state !== 'ended' || !isSame(earlier.end, schedule.end)) {
        broken('what has ended stays ended');
      }
    } else if (schedule.state === 'ended' && schedule.end.cause === 'payment_exhausted') {
      if (!isExhausted(after, schedule)) broken('only what could not be collected is terminated');
    }
  }
}

function isExhausted({ payments }: Account, { subscriptionId }: Schedule): boolean {
  return payments.some(
    ({ status, items }) =>
      status === 'exhausted' && items.some((item) => item.subscriptionId === subscriptionId),
  );
}

function isSame(one: End, other: End): boolean {
  return one.cause === other.cause && msOf(one.at) === msOf(other.at);
}
