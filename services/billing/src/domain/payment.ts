import type { CalendarDate, Instant } from '@perennial/calendar';
import type { DeclineReason, Money } from '@perennial/contracts';

/** `waiting`: owed, but an older payment of the subscription is still open. `waived`: found too late to be fair. */
export type CycleStatus = 'waiting' | 'owed' | 'paid' | 'dropped' | 'waived';

/** One (subscription, n): owed once, whatever happens. */
export interface Cycle {
  readonly subscriptionId: string;
  readonly cycle: number;
  readonly billingDate: CalendarDate;
  readonly amount: Money;
  readonly status: CycleStatus;
  readonly foundAt: Instant;
}

/** Names one cycle. */
export type CycleName = Pick<Cycle, 'subscriptionId' | 'cycle'>;

export type SettledBy = 'response' | 'webhook' | 'enquiry' | 'reconciliation';
export type AttemptStatus =
  | 'created'
  | 'pending'
  | 'unknown'
  | 'not_sent'
  | 'succeeded'
  | 'declined';

/** One try to collect. What it asks for, reference, key and body never change after it is made. */
export interface Attempt {
  readonly id: string;
  readonly number: number;
  readonly provider: string;
  readonly amount: Money;
  /** The cycles that it asks for; null in attempts that were made before they said so. */
  readonly items: readonly CycleName[] | null;
  /** Ours, as the provider gives it back: of `[0-9a-f]`, as long as the provider's sheet allows. */
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly body: string;
  readonly status: AttemptStatus;
  /** When to enquire or to send again; null once nothing more is to be done about it. */
  readonly nextActionAt: Instant | null;
  readonly startedAt: Instant;
  /** The first send that may have arrived: the provider's key lives from then. */
  readonly firstSentAt: Instant | null;
  readonly lastSentAt: Instant | null;
  readonly sends: number;
  /** How far up the ladder of enquiries it is: begins anew when the provider has accepted it. */
  readonly enquiries: number;
  readonly providerReference: string | null;
  readonly reason: DeclineReason | null;
  readonly rawReason: string | null;
  readonly settledAt: Instant | null;
  readonly settledBy: SettledBy | null;
  /** What was taken, in minor units, where the provider named another sum than was asked for. */
  readonly capturedMinor: number | null;
}

/** What the attempt took, once it has succeeded. */
export function capturedMinor({ capturedMinor: told, amount }: Attempt): number {
  return told ?? amount.amountMinor;
}

export type PaymentStatus =
  | 'scheduled'
  | 'processing'
  | 'retrying'
  | 'succeeded'
  | 'exhausted'
  | 'abandoned';

/** One charge at the provider, for one or more cycles of one customer, currency and billing date. */
export interface Payment {
  readonly id: string;
  readonly customerId: string;
  readonly provider: string;
  readonly billingDate: CalendarDate;
  readonly currency: string;
  readonly status: PaymentStatus;
  /** F of the dunning rule: the local date of the first attempt that reached the provider. */
  readonly firstReachedOn: CalendarDate | null;
  /** When the next attempt starts; null while one is unresolved, and at the end. */
  readonly nextAttemptAt: Instant | null;
  readonly createdAt: Instant;
  /** Rises with each change. */
  readonly version: number;
  readonly items: readonly Cycle[];
  readonly attempts: readonly Attempt[];
}

const OPEN: Record<PaymentStatus, boolean> = {
  scheduled: true,
  processing: true,
  retrying: true,
  succeeded: false,
  exhausted: false,
  abandoned: false,
};

export function isOpen({ status }: Payment): boolean {
  return OPEN[status];
}

const UNRESOLVED: Record<AttemptStatus, boolean> = {
  created: true,
  pending: true,
  unknown: true,
  not_sent: false,
  succeeded: false,
  declined: false,
};

/** The provider may have the money, or may still take it. */
export function isUnresolved({ status }: Attempt): boolean {
  return UNRESOLVED[status];
}

/** Unresolved, or to be sent again with the same key. */
export function isUnderWay(attempt: Attempt): boolean {
  return attempt.nextActionAt !== null;
}

export function underWay({ attempts }: Payment): Attempt | undefined {
  return attempts.find(isUnderWay);
}

/** What is still asked for: the items that are not dropped. */
export function amountOf({ items, currency }: Payment): Money {
  return total(
    items.filter(({ status }) => status !== 'dropped'),
    currency,
  );
}

export function total(parts: readonly { amount: Money }[], currency: string): Money {
  return { amountMinor: parts.reduce((sum, { amount }) => sum + amount.amountMinor, 0), currency };
}

/** Whether the attempt asks for the cycle. An old one asks for what was not dropped, or for all of it. */
export function asksFor({ items }: Attempt, item: Cycle, payment: Payment): boolean {
  if (items) return items.some((name) => isSameCycle(name, item));
  return item.status !== 'dropped' || payment.items.every(({ status }) => status === 'dropped');
}

function isSameCycle(one: CycleName, other: CycleName): boolean {
  return one.subscriptionId === other.subscriptionId && one.cycle === other.cycle;
}

/** The attempts that took money, in order. More than one is a duplicate charge. */
export function captures({ attempts }: Payment): readonly Attempt[] {
  return attempts.filter(({ status }) => status === 'succeeded');
}

export function withAttempt(payment: Payment, attempt: Attempt): Payment {
  const known = payment.attempts.some(({ id }) => id === attempt.id);
  return {
    ...payment,
    attempts: known
      ? payment.attempts.map((other) => (other.id === attempt.id ? attempt : other))
      : [...payment.attempts, attempt],
  };
}

/** Marks the owed items that fit; paid and dropped ones stay as they are. */
export function withItems(
  payment: Payment,
  status: 'paid' | 'dropped',
  fits: (item: Cycle) => boolean = () => true,
): Payment {
  return {
    ...payment,
    items: payment.items.map((item) =>
      item.status === 'owed' && fits(item) ? { ...item, status } : item,
    ),
  };
}
