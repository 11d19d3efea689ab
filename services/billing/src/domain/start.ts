import { type Account, scheduleOf, withSchedule } from './account';
import { awaited, type Purchase } from './schedule';

/** A product was added. What was said about it before, in whatever order it came, stays true. */
export function subscriptionStarted(
  account: Account,
  subscriptionId: string,
  purchase: Purchase,
): Account {
  const known = scheduleOf(account, subscriptionId) ?? awaited(subscriptionId, account.customer.id);
  switch (known.state) {
    case 'awaited':
      return withSchedule(account, {
        ...known,
        state: 'live',
        purchase,
        nextCycle: purchase.firstCycle,
      });
    case 'live':
      return account;
    case 'ended':
      return known.purchase
        ? account
        : withSchedule(account, { ...known, purchase, nextCycle: purchase.firstCycle });
  }
}
