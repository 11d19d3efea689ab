import {
  type BillingTime,
  billingDate,
  type CalendarDate,
  chargeInstant,
  type Instant,
  type Interval,
} from '@perennial/calendar';
import type { Money } from '@perennial/contracts';

/** What was bought: fixed on the day of purchase. */
export interface Purchase {
  readonly productId: string;
  readonly productName: string;
  readonly quantity: number;
  /** Of a cycle: price × quantity. */
  readonly amount: Money;
  readonly interval: Interval;
  readonly anchorDate: CalendarDate;
  /** The first cycle that is owed at all. */
  readonly firstCycle: number;
  readonly startedAt: Instant;
}

export interface Cancellation {
  readonly on: CalendarDate;
  /** A cycle whose charge time is later than this must not be charged. */
  readonly acceptedAt: Instant;
}

export type EndCause =
  | 'card_expired'
  | 'card_cancelled'
  | 'cancellation_due'
  | 'payment_exhausted'
  | 'customer_request'
  | 'customer_erased';

export interface End {
  readonly cause: EndCause;
  readonly at: Instant;
  /** The cycle that was not charged because of it; null where none was due. */
  readonly skippedCycle: number | null;
}

interface Facts {
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly cancellation: Cancellation | null;
  /** The version of the newest word about a cancellation: older words change nothing. */
  readonly noticeVersion: number;
  /** Rises with each change here. */
  readonly version: number;
}

/** A subscription's billing dates. `awaited`: something was said about it before it was itself announced. */
export type Schedule = Facts &
  (
    | { readonly state: 'awaited' }
    | { readonly state: 'live'; readonly purchase: Purchase; readonly nextCycle: number }
    | {
        readonly state: 'ended';
        readonly purchase: Purchase | null;
        readonly nextCycle: number | null;
        readonly end: End;
      }
  );

export type LiveSchedule = Extract<Schedule, { state: 'live' }>;

export function awaited(subscriptionId: string, customerId: string): Schedule {
  return {
    state: 'awaited',
    subscriptionId,
    customerId,
    cancellation: null,
    noticeVersion: 0,
    version: 0,
  };
}

/** Nothing that has ended lives again: the first end stands. */
export function ended(schedule: Schedule, end: End): Schedule {
  if (schedule.state === 'ended') return schedule;
  const { state: _, ...facts } = schedule;
  return schedule.state === 'live'
    ? { ...schedule, state: 'ended', end }
    : { ...facts, state: 'ended', purchase: null, nextCycle: null, end };
}

/** The date of the first cycle that has not been found due yet. */
export function nextBillingDate({ purchase, nextCycle }: LiveSchedule): CalendarDate {
  return billingDate(purchase, nextCycle);
}

export function nextChargeAt(schedule: LiveSchedule, time: BillingTime): Instant {
  return chargeInstant(nextBillingDate(schedule), time);
}

/** Ends that the customer asked for at once: what is unpaid is dropped, not collected. */
export function endedAtOnce(schedule: Schedule | undefined): boolean {
  return (
    schedule?.state === 'ended' &&
    (schedule.end.cause === 'customer_request' || schedule.end.cause === 'customer_erased')
  );
}

/** Whether an unpaid cycle may still be charged, as far as its customer has a say in it. */
export function isCollectable(
  schedule: Schedule | undefined,
  { billingDate: date }: { readonly billingDate: CalendarDate },
  { rules }: { readonly rules: { readonly time: BillingTime } },
): boolean {
  return !endedAtOnce(schedule) && !cancelledBefore(schedule, date, rules.time);
}

/**
 * Whether the cancellation of a subscription had been accepted before this date's charge time, so that
 * the date must not be charged: a charge that crossed it on the way is refunded.
 * Billing rules: "Cancelling".
 */
export function cancelledBefore(
  schedule: Schedule | undefined,
  date: CalendarDate,
  time: BillingTime,
): boolean {
  if (!schedule) return false;
  const chargeAt = chargeInstant(date, time);
  const { cancellation } = schedule;
  if (cancellation && cancellation.on <= date && cancellation.acceptedAt < chargeAt) return true;
  return schedule.state === 'ended' && endedAtOnce(schedule) && schedule.end.at < chargeAt;
}
