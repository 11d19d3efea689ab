import { withMovedCardDate } from './cancellation';
import type { Moment } from './moment';
import type { Live, PaymentNews } from './subscription';

/** A decline that is tried again: past due until that payment, or a later one, has succeeded. */
export function paymentDeclined(live: Live, payment: PaymentNews, moment: Moment): Live {
  if (!isNewer(payment, live.payment)) return live;
  if (live.status === 'past_due') return { ...live, payment };
  return withMovedCardDate({ ...live, status: 'past_due', payment }, moment);
}

/** The money is there: active again, and the next billing date stays where it was. */
export function paymentSucceeded(live: Live, payment: PaymentNews, moment: Moment): Live {
  if (!isNewer(payment, live.payment)) return live;
  if (live.status === 'active') return { ...live, payment };
  return withMovedCardDate({ ...live, status: 'active', payment }, moment);
}

/**
 * Messages come in any order and twice. A subscription has one payment a billing date, collected
 * oldest first: the later date knows more, and of one payment the higher version.
 */
function isNewer(news: PaymentNews, known: PaymentNews | null): boolean {
  if (!known || news.billingDate > known.billingDate) return true;
  return news.paymentId === known.paymentId && news.version > known.version;
}
