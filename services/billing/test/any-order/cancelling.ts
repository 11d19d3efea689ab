import { billingDate, chargeInstant, instantOfMs, msOf } from '@perennial/calendar';
import { scheduleOf } from '../../src/domain/account';
import { cancellationNoticed, subscriptionEnded } from '../../src/domain/cancellation';
import { type EndCause, nextBillingDate, type Schedule } from '../../src/domain/schedule';
import { rules } from '../one-customer';
import { SUBSCRIPTIONS } from './begin';
import type { Step } from './history';
import type { World } from './world';

function scheduleAt({ account, history }: World, which: number): Schedule | undefined {
  return scheduleOf(account, SUBSCRIPTIONS[which % history.subscriptions] ?? 's');
}

/** Just before the charge time of the cycle that was found last. */
function beforeLastCharge(
  schedule: Schedule,
): { date: ReturnType<typeof nextBillingDate>; at: number } | null {
  if (schedule.state !== 'live' || schedule.nextCycle <= schedule.purchase.firstCycle) return null;
  const date = billingDate(schedule.purchase, schedule.nextCycle - 1);
  return { date, at: msOf(chargeInstant(date, rules.time)) - 1_000 };
}

/** The customer wants it to be over at once; `crossed`: they did before the last charge, and the word is late. */
export function endNow(world: World, { which, crossed }: Extract<Step, { do: 'end now' }>): void {
  end(world, which, 'customer_request', crossed);
}

export function takeBack(world: World, which: number): void {
  notice(world, which, null);
}

function end(world: World, which: number, cause: EndCause, crossed: boolean): void {
  const schedule = scheduleAt(world, which);
  if (!schedule) return;
  const { subscriptionId } = schedule;
  const at = (crossed ? beforeLastCharge(schedule)?.at : null) ?? world.now;
  world.decide(
    (account, moment) =>
      subscriptionEnded(
        account,
        subscriptionId,
        { cause, at: instantOfMs(at), skippedCycle: null },
        moment,
      ),
    { subscriptionId },
  );
}

export function endAtNextDate(
  world: World,
  { which, crossed }: Extract<Step, { do: 'end at the next date' }>,
): void {
  const schedule = scheduleAt(world, which);
  if (schedule?.state !== 'live') return;
  const last = crossed ? beforeLastCharge(schedule) : null;
  notice(world, which, {
    on: last?.date ?? nextBillingDate(schedule),
    acceptedAt: instantOfMs(last?.at ?? world.now),
  });
}

function notice(world: World, which: number, cancellation: Schedule['cancellation']): void {
  const schedule = scheduleAt(world, which);
  if (!schedule) return;
  const { subscriptionId, noticeVersion } = schedule;
  world.decide(
    (account, moment) =>
      cancellationNoticed(
        account,
        subscriptionId,
        { cancellation, version: noticeVersion + 1 },
        moment,
      ),
    { subscriptionId },
  );
}

export function erase(world: World): void {
  for (let which = 0; which < world.history.subscriptions; which += 1) {
    end(world, which, 'customer_erased', false);
  }
  world.decide((account) => ({ ...account, customer: { ...account.customer, erased: true } }));
}
