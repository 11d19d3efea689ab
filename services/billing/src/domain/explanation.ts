import {
  addDays,
  type CalendarDate,
  chargeInstant,
  type Instant,
  localDate,
} from '@perennial/calendar';
import type { Customer } from './account';
import { cardEnd } from './card';
import { GRACE_DAYS } from './dunning';
import type { Rules } from './moment';
import { type Attempt, type Cycle, isOpen, type Payment } from './payment';
import type { Refund } from './refund';
import { nextBillingDate, type Purchase, type Schedule } from './schedule';

interface Step {
  readonly at: Instant;
  readonly what: string;
  readonly why: string;
  /** The id of what the step is about. */
  readonly ref: string;
}

export interface Explanation {
  readonly charges: readonly {
    readonly billingDate: CalendarDate;
    readonly cycle: number;
    readonly steps: readonly Step[];
  }[];
  /** What happens if every further attempt is declined. */
  readonly next: readonly { readonly on: CalendarDate; readonly what: string }[];
}

interface Known {
  readonly customer: Customer;
  readonly schedule: Schedule;
  readonly payments: readonly { readonly payment: Payment; readonly refunds: readonly Refund[] }[];
  readonly today: CalendarDate;
  readonly rules: Rules;
}

export function explain(known: Known): Explanation {
  const { schedule } = known;
  const purchase = schedule.state === 'awaited' ? null : schedule.purchase;
  if (!purchase) return { charges: [], next: [] };
  const charges = known.payments.flatMap(({ payment, refunds }) =>
    payment.items
      .filter(({ subscriptionId }) => subscriptionId === schedule.subscriptionId)
      .map((item) => ({
        billingDate: item.billingDate,
        cycle: item.cycle,
        steps: inOrder([
          dueStep(item, purchase, known.rules),
          paymentStep(payment),
          ...payment.attempts.flatMap(attemptSteps),
          ...mailSteps(payment),
          ...refunds.flatMap(refundSteps),
        ]),
      })),
  );
  return { charges, next: whatComes(known) };
}

function inOrder(steps: readonly Step[]): Step[] {
  return [...steps].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function dueStep(item: Cycle, { anchorDate, interval }: Purchase, rules: Rules): Step {
  return {
    at: chargeInstant(item.billingDate, rules.time),
    what: `cycle ${item.cycle} fell due on ${item.billingDate}`,
    why: `anniversary ${item.cycle} of the purchase of ${anchorDate}, billed ${interval}`,
    ref: item.subscriptionId,
  };
}

function paymentStep({ id, items, createdAt }: Payment): Step {
  const why =
    items.length === 1
      ? 'the only cycle of the customer that was due then'
      : `${items.length} cycles of the customer were due together and are charged together`;
  return { at: createdAt, what: 'a payment was made for it', why, ref: id };
}

function attemptSteps(attempt: Attempt): Step[] {
  const { id, number, startedAt, settledAt, status, settledBy } = attempt;
  const first = number === 1;
  const sent: Step = {
    at: startedAt,
    what: `attempt ${number} was sent`,
    why: first ? 'the charge time of its date had come' : 'the attempt before it had ended unpaid',
    ref: id,
  };
  if (!settledAt) return [sent];
  const reason = attempt.rawReason ?? attempt.reason;
  const what = `attempt ${number} ${status}${reason ? `: ${reason}` : ''}`;
  return [sent, { at: settledAt, what, why: `the provider said so by ${settledBy}`, ref: id }];
}

function mailSteps({ id, status, attempts }: Payment): Step[] {
  const last = attempts.at(-1)?.settledAt;
  if (!last || (status !== 'succeeded' && status !== 'exhausted')) return [];
  const what = status === 'succeeded' ? 'payment_receipt' : 'subscription_terminated';
  return [
    {
      at: last,
      what: `a mail ${what} was asked of notifications`,
      why: status === 'succeeded' ? 'the money is there' : 'the last attempt of grace was declined',
      ref: id,
    },
  ];
}

function refundSteps({ id, amount, origin, reason, createdAt, status, settledAt }: Refund): Step[] {
  const asked: Step = {
    at: createdAt,
    what: `a refund of ${amount.amountMinor} ${amount.currency} was made (${origin})`,
    why: reason,
    ref: id,
  };
  if (!settledAt || origin === 'provider') return [asked];
  return [
    asked,
    { at: settledAt, what: `the refund ${status}`, why: 'the provider said so', ref: id },
  ];
}

function whatComes({ customer, schedule, payments, today, rules }: Known): Explanation['next'] {
  if (schedule.state !== 'live') return [];
  const open = payments.find(({ payment }) => isOpen(payment))?.payment;
  if (open) return graceOf(open, today, rules, cardEnd(customer) !== null);
  const on = nextBillingDate(schedule);
  if (cardEnd(customer)) return [{ on, what: 'cancelled: the card is unavailable' }];
  if (schedule.cancellation && schedule.cancellation.on <= on) {
    return [{ on, what: 'cancelled: asked for by the customer' }];
  }
  return attemptsFrom(on, on, 1);
}

/** An attempt is unresolved, or the next has a date. */
function graceOf(
  payment: Payment,
  today: CalendarDate,
  { time }: Rules,
  cardIsGone: boolean,
): Explanation['next'] {
  const next = payment.nextAttemptAt && localDate(payment.nextAttemptAt, time.zone);
  if (!next) return [{ on: today, what: 'the provider is asked what became of the attempt' }];
  if (cardIsGone) return [{ on: next, what: 'cancelled: the card is unavailable' }];
  return attemptsFrom(next, payment.firstReachedOn ?? next, payment.attempts.length + 1);
}

function attemptsFrom(
  on: CalendarDate,
  firstReachedOn: CalendarDate,
  number: number,
): Explanation['next'] {
  const last = addDays(firstReachedOn, GRACE_DAYS);
  const days: { on: CalendarDate; what: string }[] = [];
  for (let day = on; ; day = addDays(day, 1)) {
    days.push({ on: day, what: `attempt ${number + days.length}` });
    if (day >= last) return [...days, { on: day, what: 'terminated: not paid' }];
  }
}
