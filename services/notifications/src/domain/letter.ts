import type { CalendarDate } from '@perennial/calendar';
import { decimalText, type Money } from '@perennial/contracts';
import type { CardLost, Declined, Receipt, Refunded, Statement, Terminated } from './statement';

/** What a mail says, in words; how it looks is not decided here. */
export interface Letter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly lines: readonly string[];
}

export function letterOf(statement: Statement): Letter {
  switch (statement.kind) {
    case 'payment_receipt':
      return receipt(statement.data);
    case 'payment_declined':
      return declined(statement.data);
    case 'subscription_terminated':
      return terminated(statement.data);
    case 'card_unavailable':
      return cardLost(statement.data);
    case 'refund_receipt':
      return refunded(statement.data);
  }
}

function receipt({ amount, paidOn, items }: Receipt): Letter {
  return {
    subject: `Your receipt for ${money(amount)}`,
    paragraphs: [`Thank you. We received ${money(amount)} on ${day(paidOn)}.`],
    lines: items.map((item) => `${bought(item)} – ${next(item.nextBillingDate)}`),
  };
}

function next(nextBillingDate: CalendarDate | null): string {
  if (nextBillingDate === null) return 'nothing more will be charged';
  return `next charge on ${day(nextBillingDate)}`;
}

function declined({ amount, billingDate, nextAttemptOn, items }: Declined): Letter {
  return {
    subject: `Your payment of ${money(amount)} was declined`,
    paragraphs: [
      `We could not collect ${money(amount)}, due on ${day(billingDate)}.`,
      `We will try again on ${day(nextAttemptOn)}. Until then nothing changes for you.`,
    ],
    lines: items.map(bought),
  };
}

function terminated({ productName, endedOn, amount }: Terminated): Letter {
  const charge = amount ? `The last charge of ${money(amount)}` : 'The last charge';
  return {
    subject: `Your subscription to ${productName} has ended`,
    paragraphs: [
      `${charge} for ${productName} was declined, too.`,
      `Your subscription therefore ended on ${day(endedOn)}. We will not try again.`,
    ],
    lines: [],
  };
}

const LOST = { card_expired: 'has expired', card_cancelled: 'was cancelled' } as const;

function cardLost({ cause, productName, endsOn, isOver }: CardLost): Letter {
  return {
    subject: `Your card ${LOST[cause]}`,
    paragraphs: [
      `The card that you pay for ${productName} with ${LOST[cause]}. It will not be charged again.`,
      isOver
        ? `Your subscription to ${productName} therefore ended on ${day(endsOn)}.`
        : `Your subscription to ${productName} ends on ${day(endsOn)}, unless you give us another card before.`,
    ],
    lines: [],
  };
}

function refunded({ amount, refundedOn, productNames }: Refunded): Letter {
  return {
    subject: `Your refund of ${money(amount)}`,
    paragraphs: [`We returned ${money(amount)} to you on ${day(refundedOn)}.`],
    lines: productNames,
  };
}

interface Bought {
  readonly productName: string;
  readonly quantity: number;
  readonly amount: Money;
}

function bought({ productName, quantity, amount }: Bought): string {
  const what = quantity === 1 ? productName : `${quantity} × ${productName}`;
  return `${what}: ${money(amount)}`;
}

function money(amount: Money): string {
  return `${decimalText(amount)} ${amount.currency}`;
}

const longDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

function day(date: CalendarDate): string {
  return longDate.format(Date.parse(date));
}
