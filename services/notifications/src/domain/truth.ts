import { type BillingTime, chargeInstant, type Instant } from '@perennial/calendar';
import type { Money } from '@perennial/contracts';
import type { Known, Standing } from './known';
import type { CardLost, Declined, Receipt, Statement, Terminated } from './statement';

interface Moment {
  readonly now: Instant;
  readonly time: BillingTime;
}

export interface AboutToBeSent {
  readonly entityId: string;
  readonly customerId: string;
  readonly statement: Statement;
}

/**
 * The statement as it is true now; null: it no longer is, and must not be sent. Decided at the moment
 * of sending and only then, so that neither the order of messages nor trouble at the CRM can make a
 * mail say what is over. Billing rules: "Mail".
 */
export function trueNow(mail: AboutToBeSent, known: Known, moment: Moment): Statement | null {
  const { statement, entityId } = mail;
  if (known.erasedCustomers.has(mail.customerId)) return null;
  switch (statement.kind) {
    case 'payment_receipt':
      return { ...statement, data: receiptNow(statement.data, known) };
    case 'payment_declined': {
      const data = declinedNow(entityId, statement.data, known, moment);
      return data && { ...statement, data };
    }
    case 'subscription_terminated':
      return { ...statement, data: terminatedNow(entityId, statement.data, known) };
    case 'card_unavailable': {
      const data = cardLostNow(entityId, statement.data, known);
      return data && { ...statement, data };
    }
    case 'refund_receipt':
      return statement;
  }
}

/** Money that came stays true; only what is charged next may have changed. */
function receiptNow(receipt: Receipt, { standings }: Known): Receipt {
  const items = receipt.items.map((item) => {
    const { nextBillingDate: on } = item;
    const isOver = on === null || endsBefore(standings.get(item.subscriptionId), on);
    return { ...item, nextBillingDate: isOver ? null : on };
  });
  return { ...receipt, items };
}

function endsBefore(standing: Standing | undefined, nextBillingDate: string): boolean {
  if (standing?.state === 'ending') return standing.endsOn <= nextBillingDate;
  return standing?.state === 'ended';
}

/** "We will try again" holds until that time has come, and only for what can still be collected. */
function declinedNow(
  paymentId: string,
  declined: Declined,
  known: Known,
  { now, time }: Moment,
): Declined | null {
  if (known.paidPayments.has(paymentId)) return null;
  if (known.uncollected.some((one) => one.paymentId === paymentId)) return null;
  if (chargeInstant(declined.nextAttemptOn, time) <= now) return null;
  const items = declined.items.filter(({ subscriptionId }) =>
    isStillCollected(known.standings.get(subscriptionId)),
  );
  if (items.length === 0) return null;
  const amountMinor = items.reduce((sum, { amount }) => sum + amount.amountMinor, 0);
  return { ...declined, items, amount: { ...declined.amount, amountMinor } };
}

/** A lost card allows no further attempt; an end that the customer asked for is after the collecting. */
function isStillCollected(standing: Standing | undefined): boolean {
  return standing?.state !== 'ended' && !(standing?.state === 'ending' && standing.byCard);
}

function terminatedNow(subscriptionId: string, terminated: Terminated, known: Known): Terminated {
  const { paymentId } = terminated;
  return { ...terminated, amount: uncollectedOf(subscriptionId, paymentId, known) };
}

/** Money that came after all is not spoken of as missing. */
function uncollectedOf(
  subscriptionId: string,
  paymentId: string | null,
  { uncollected, paidPayments }: Known,
): Money | null {
  if (paymentId === null || paidPayments.has(paymentId)) return null;
  const missing = uncollected.find(
    (one) => one.paymentId === paymentId && one.subscriptionId === subscriptionId,
  );
  return missing?.amount ?? null;
}

/** True once it is over, or while it is this very cancellation that is to come; its day may have been moved. */
function cardLostNow(
  cancellationId: string,
  lost: CardLost,
  { standings }: Known,
): CardLost | null {
  if (lost.isOver) return lost;
  const standing = standings.get(lost.subscriptionId);
  if (standing?.state !== 'ending' || standing.cancellationId !== cancellationId) return null;
  return { ...lost, endsOn: standing.endsOn };
}
