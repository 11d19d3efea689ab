import { chargeInstant } from '@perennial/calendar';
import { type Account, scheduleOf, withDiscrepancy, withPayment } from './account';
import { itemLeftMinor } from './allocation';
import { amountDiffers, asTaken } from './amounts';
import type { ChargeEvidence } from './evidence';
import { type Matter, opened, reached, settledAttempt } from './matter';
import { asksFor, type Cycle, capturedMinor, captures, type Payment, withAttempt } from './payment';
import { automaticRefund } from './refunding';
import { cancelledBefore } from './schedule';

type Succeeded = Extract<ChargeEvidence, { outcome: 'succeeded' }>;

/** The money is there. */
export function succeed(matter: Matter, { providerReference, amount }: Succeeded): Account {
  const { attempt, payment, moment } = matter;
  const settled = asTaken(settledAttempt(matter, 'succeeded', { providerReference }), amount);
  const paid: Payment = {
    ...reached(withAttempt(payment, settled), attempt, moment),
    items: itemsPaidBy(matter),
    provider: captures(payment)[0]?.provider ?? attempt.provider,
    status: 'succeeded',
    nextAttemptAt: null,
  };
  const account = withPayment(matter.account, paid);
  const next = { ...matter, account, attempt: settled, payment: paid };
  return amountDiffers({ ...next, account: received(next, matter) }, amount);
}

function received(next: Matter, { payment, attempt }: Matter): Account {
  if (captures(payment).length > 0) return duplicate(next);
  if (payment.status === 'exhausted' || payment.status === 'abandoned') return late(next);
  const account = refundCrossedCancellations(next);
  return attempt.status === 'declined'
    ? opened({ ...next, account }, 'contradicting_outcome', { outcome: 'succeeded' })
    : account;
}

/** All that the attempt asked for, even what was dropped after it; not what had been dropped before. */
function itemsPaidBy({ payment, attempt }: Matter): readonly Cycle[] {
  if (captures(payment).length > 0) return payment.items;
  return payment.items.map((item) =>
    asksFor(attempt, item, payment) ? { ...item, status: 'paid' } : item,
  );
}

/** The money of a second capture goes straight back. */
function duplicate(matter: Matter): Account {
  const { payment, attempt, moment } = matter;
  const amount = { amountMinor: capturedMinor(attempt), currency: payment.currency };
  const account = opened(matter, 'duplicate_charge', { amountMinor: amount.amountMinor });
  const wish = { amount, items: null, reason: 'duplicate' } as const;
  return automaticRefund(account, payment, attempt, wish, moment);
}

/** Money for something that had ended: it is recorded, revives nothing, and an operator decides. */
function late(matter: Matter): Account {
  const amountMinor = capturedMinor(matter.attempt);
  const account = opened(matter, 'late_success', { amountMinor });
  return refundCrossedCancellations({ ...matter, account });
}

/** A cycle that was charged although its cancellation had been accepted before: refunded by itself, once. */
export function refundCrossedCancellations(
  matter: Pick<Matter, 'account' | 'payment' | 'moment'>,
): Account {
  const { payment, moment } = matter;
  const [attempt] = captures(payment);
  if (!attempt) return matter.account;
  return payment.items
    .filter(
      ({ status, subscriptionId, billingDate }) =>
        status === 'paid' &&
        cancelledBefore(scheduleOf(matter.account, subscriptionId), billingDate, moment.rules.time),
    )
    .reduce((account, { subscriptionId, cycle, billingDate }) => {
      const already = account.refunds.some(
        ({ paymentId, origin, items }) =>
          paymentId === payment.id &&
          origin === 'automatic' &&
          items?.some((item) => item.subscriptionId === subscriptionId),
      );
      const amountMinor = itemLeftMinor(account, payment, subscriptionId);
      if (already || amountMinor === 0) return account;
      const reported = withDiscrepancy(account, {
        id: moment.newId(),
        kind: 'charged_after_cancellation',
        provider: payment.provider,
        paymentId: payment.id,
        about: `${subscriptionId}:${cycle}`,
        details: {
          subscriptionId,
          cycle,
          chargeTime: chargeInstant(billingDate, moment.rules.time),
        },
        openedAt: moment.now,
      });
      const amount = { amountMinor, currency: payment.currency };
      const items = [{ subscriptionId, amount }];
      return automaticRefund(
        reported,
        payment,
        attempt,
        { amount, items, reason: 'service_not_provided' },
        moment,
      );
    }, matter.account);
}
