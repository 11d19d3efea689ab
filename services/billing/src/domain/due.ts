import { earliest, type Instant } from '@perennial/calendar';
import { type Account, liveSchedules } from './account';
import { oldestReady } from './charging';
import type { Moment } from './moment';
import { nextChargeAt } from './schedule';

/** When this account next needs attention; null: not before something new is heard of it. */
export function dueAt(account: Account, { rules, now }: Moment): Instant | null {
  const underWay = [
    ...account.payments.flatMap(({ attempts }) => attempts.map((attempt) => attempt.nextActionAt)),
    ...account.refunds.map((refund) => refund.nextActionAt),
  ];
  if (!account.customer.paymentMethod) return earliest(...underWay);
  return earliest(
    ...underWay,
    ...account.payments.map((payment) => payment.nextAttemptAt),
    ...liveSchedules(account).map((schedule) => nextChargeAt(schedule, rules.time)),
    oldestReady(account).length > 0 ? now : null,
  );
}
