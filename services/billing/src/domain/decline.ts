import { type Account, endSubscription, withPayment } from './account';
import { cardEnd } from './card';
import { abandonForCard, dropUncollectable } from './charging';
import { afterDecline } from './dunning';
import type { ChargeEvidence } from './evidence';
import { type Matter, reached, settledAttempt } from './matter';
import type { Moment } from './moment';
import { isOpen, type Payment, underWay, withAttempt, withItems } from './payment';

/** The provider refused: drop what need not be paid, cancel for a lost card, try again, or give up. */
export function decline(
  matter: Matter,
  { reason, rawReason, providerReference }: Extract<ChargeEvidence, { outcome: 'declined' }>,
): Account {
  const { account, attempt, moment } = matter;
  const settled = settledAttempt(matter, 'declined', { reason, rawReason, providerReference });
  const payment = reached(withAttempt(matter.payment, settled), attempt, moment);
  // Another attempt may have the money: what follows is decided by its outcome.
  if (!isOpen(payment) || underWay(payment)) return withPayment(account, payment);

  const left = dropUncollectable(account, payment, moment);
  if (!isOpen(left)) return withPayment(account, left);
  const end = cardEnd(account.customer);
  if (end) return abandonForCard(account, left, end, moment);

  const after = afterDecline(
    reason,
    payment.firstReachedOn ?? moment.today,
    moment.today,
    moment.rules,
  );
  return after.next === 'retry'
    ? withPayment(account, { ...left, status: 'retrying', nextAttemptAt: after.at })
    : exhaust(account, left, moment);
}

/** The last decline: every subscription in the payment is terminated, the customer's others live on. */
function exhaust(account: Account, payment: Payment, moment: Moment): Account {
  const given = withItems({ ...payment, status: 'exhausted', nextAttemptAt: null }, 'dropped');
  return payment.items
    .filter(({ status }) => status === 'owed')
    .reduce(
      (next, { subscriptionId }) =>
        endSubscription(next, subscriptionId, {
          cause: 'payment_exhausted',
          at: moment.now,
          skippedCycle: null,
        }),
      withPayment(account, given),
    );
}
