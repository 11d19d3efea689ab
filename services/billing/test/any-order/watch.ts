import { msOf } from '@perennial/calendar';
import type { Account } from '../../src/domain/account';
import type { ProviderSheet } from '../../src/domain/moment';
import { isOpen, isUnresolved, type Payment } from '../../src/domain/payment';
import { checkAttempts } from './attempts';
import { dayOf, lastDay } from './days';
import { checkAbandoned, checkExhausted, checkSchedules } from './ends';
import { DAY } from './history';
import type { Memory } from './known';
import type { Charge } from './model-provider';
import { checkRefunds } from './refunds';
import { broken, type Told, type ToldCharge } from './told';

/** What the world knows and billing does not. */
export interface Truth {
  readonly now: number;
  readonly memory: Memory;
  chargesOf(reference: string): readonly Charge[];
  /** A request that is still to arrive. */
  isUnderWay(reference: string): boolean;
  /** When the provider first worked at it; never: infinity. */
  reachedAt(reference: string): number;
  sheetOf(provider: string): ProviderSheet;
  /** It was made, or may still be. */
  hasRefund(provider: string, reference: string): boolean;
}

/** Holds the billing rules against one decision. */
export function watch(before: Account, after: Account, told: Told | null, truth: Truth): void {
  const charge = told?.about === 'charge' ? told : null;
  for (const payment of after.payments) {
    const earlier = before.payments.find(({ id }) => id === payment.id);
    if (earlier === payment) continue;
    checkAttempts(earlier, payment, charge, truth);
    if (earlier) checkStatus(earlier, payment, charge, truth);
    checkItems(earlier, payment, charge);
    if (charge) checkLong(payment, charge, after, truth);
    if (earlier?.status === payment.status) continue;
    if (payment.status === 'exhausted') checkExhausted(earlier, payment, after, truth);
    if (payment.status === 'abandoned') checkAbandoned(earlier, payment, after);
    if (payment.status === 'succeeded') checkLate(earlier, payment, after);
  }
  if (after.payments.length < before.payments.length) broken('no payment is forgotten');
  checkSchedules(before, after);
  checkRefunds(before.refunds, after.refunds, told?.about === 'refund' ? told : null, truth);
}

function checkStatus(before: Payment, after: Payment, told: ToldCharge | null, truth: Truth): void {
  if (before.status === 'succeeded' && after.status !== 'succeeded') {
    broken('what is paid stays paid');
  }
  const money = told?.evidence.outcome === 'succeeded';
  if (!isOpen(before) && isOpen(after)) broken('a payment that has ended is not opened again');
  if (before.status !== 'succeeded' && after.status === 'succeeded' && !money) {
    broken('a payment succeeds by evidence only');
  }
  if (told?.evidence.outcome !== 'declined' || !isOpen(after)) return;
  const waits = after.attempts.every(({ nextActionAt }) => nextActionAt === null);
  if (
    waits &&
    isNews(before, after, told) &&
    dayOf(truth.now) >= lastDay(learntReachedAt(after, truth))
  ) {
    broken('a decline known on F + 5 or later is the last');
  }
}

/** An answer that leaves the outcome open a day after the attempt was made is shown to an operator. */
function checkLong(
  { attempts }: Payment,
  { reference, by }: ToldCharge,
  { discrepancies }: Account,
  { now }: Truth,
): void {
  const attempt = attempts.find((one) => one.reference === reference);
  if (!attempt || !isUnresolved(attempt) || by === 'webhook') return;
  const isShown = discrepancies.some(
    ({ kind, about }) => kind === 'unknown_outcome' && about === attempt.id,
  );
  if (now >= msOf(attempt.startedAt) + DAY && !isShown) {
    broken('an outcome that is open for a day is shown to an operator');
  }
}

/** Money for something that had ended already. */
function checkLate(before: Payment | undefined, after: Payment, account: Account): void {
  if (!before || isOpen(before)) return;
  const isShown = account.discrepancies.some(
    ({ kind, paymentId }) => kind === 'late_success' && paymentId === after.id,
  );
  if (!isShown) broken('money that comes after the end is shown to an operator');
}

function isNews(before: Payment, after: Payment, { reference }: ToldCharge): boolean {
  const statusIn = ({ attempts }: Payment) =>
    attempts.find((attempt) => attempt.reference === reference)?.status;
  return statusIn(before) !== statusIn(after);
}

/** The latest that the first attempt can have reached the provider, as far as we have heard. */
function learntReachedAt({ attempts }: Payment, { memory }: Truth): number {
  const since = attempts.map(({ reference }) => memory.of(reference).seenSince);
  return Math.min(...since.map((at) => at ?? Number.POSITIVE_INFINITY));
}

function checkItems(before: Payment | undefined, after: Payment, told: ToldCharge | null): void {
  for (const item of before?.items ?? []) {
    const later = after.items.find(
      ({ subscriptionId, cycle }) => subscriptionId === item.subscriptionId && cycle === item.cycle,
    );
    if (!later) broken('no cycle leaves its payment');
    if (later === item || later.status === item.status) continue;
    if (item.status === 'paid') broken('a cycle that is paid stays paid');
    if (later.status === 'paid' && told?.evidence.outcome !== 'succeeded') {
      broken('a cycle is paid by evidence only');
    }
  }
}
