import { msOf } from '@perennial/calendar';
import {
  type Attempt,
  type AttemptStatus,
  isUnresolved,
  type Payment,
} from '../../src/domain/payment';
import { dayOf, nextSlot, slotAfter } from './days';
import { isAbsence } from './known';
import { cardOf, isCaptured, isPending } from './model-provider';
import { broken, type ToldCharge } from './told';
import type { Truth } from './watch';

const FOR_EVER = [
  ...(['id', 'number', 'provider', 'amount', 'items', 'reference'] as const),
  ...(['idempotencyKey', 'body', 'startedAt'] as const),
] as const;

/** So much before the end of its life a key is not sent any more. */
const LONGEST_CALL = 60_000;

/** What becomes of attempts, and how new ones begin. Billing rules: "What an attempt can end as". */
export function checkAttempts(
  before: Payment | undefined,
  after: Payment,
  told: ToldCharge | null,
  truth: Truth,
): void {
  for (const [index, attempt] of after.attempts.entries()) {
    const earlier = before?.attempts[index];
    if (earlier === attempt) continue;
    if (!earlier) checkStart(attempt, after.attempts.slice(0, index), truth);
    else checkChange(earlier, attempt, told, truth);
  }
  if (after.attempts.length < (before?.attempts.length ?? 0)) broken('no attempt is forgotten');
  if (after.attempts.filter(isUnresolved).length > 1) {
    broken('at most one attempt of a payment is unresolved');
  }
}

function checkChange(before: Attempt, after: Attempt, told: ToldCharge | null, truth: Truth): void {
  if (FOR_EVER.some((fact) => before[fact] !== after[fact])) {
    broken('what an attempt asks for never changes');
  }
  if (after.sends > before.sends && before.status !== 'not_sent') {
    broken('only what was certainly not sent is sent again');
  }
  if (before.nextActionAt !== null && after.nextActionAt === null) {
    truth.memory.closed(after.reference, truth.now);
  }
  if (after.status === before.status) return;
  const about = told?.reference === after.reference ? told : null;
  if (!MAY_FOLLOW[before.status].includes(after.status)) {
    broken(`${before.status} does not become ${after.status}`);
  }
  if (after.status !== 'created' && !isEvidence(after.status, about)) {
    broken(`no attempt becomes ${after.status} without evidence`);
  }
  if (after.status === 'not_sent' && mayBeCharged(after, truth)) {
    broken('what the provider has is not called "not sent"');
  }
}

const OPEN_ENDS = ['pending', 'unknown', 'not_sent', 'succeeded', 'declined'] as const;
const MAY_FOLLOW: Record<AttemptStatus, readonly AttemptStatus[]> = {
  created: OPEN_ENDS,
  unknown: OPEN_ENDS,
  pending: ['succeeded', 'declined'],
  not_sent: ['created', 'pending', 'unknown', 'succeeded', 'declined'],
  declined: ['succeeded'],
  succeeded: [],
};

function isEvidence(status: AttemptStatus, told: ToldCharge | null): boolean {
  const outcome = told?.evidence.outcome;
  if (status === 'unknown') return outcome !== undefined;
  if (status !== 'not_sent') return outcome === status;
  return isAbsence(outcome, told?.by);
}

/** The provider has the money or may take it, or the request is still on its way there. */
function mayBeCharged({ reference }: Attempt, { chargesOf, isUnderWay, now }: Truth): boolean {
  const has = chargesOf(reference).some(
    (charge) => isCaptured(charge, now) || isPending(charge, now),
  );
  return has || isUnderWay(reference);
}

/** A new key. Billing rules: "Charging" 5 and 6, "Dunning". */
function checkStart(attempt: Attempt, earlier: readonly Attempt[], truth: Truth): void {
  for (const other of earlier) {
    if (other.status === 'succeeded') broken('what is paid is not asked for again');
    if (isUnresolved(other)) broken('no attempt starts while another is unresolved');
    if (other.nextActionAt !== null) broken('no attempt starts while another is to be sent again');
    if (!truth.memory.of(other.reference).contrary && mayBeCharged(other, truth)) {
      broken('no attempt starts while the provider may have the money of another');
    }
    checkDay(attempt, other, earlier, truth);
    checkKeysEnd(attempt, other, truth);
  }
  const previous = earlier.at(-1);
  if (previous) checkSameKey(attempt, previous, truth);
}

/** Found nowhere after the life of its key, it is followed by another at the next daily slot. */
function checkKeysEnd(attempt: Attempt, other: Attempt, { memory, sheetOf }: Truth): void {
  const { sends, closedAt } = memory.of(other.reference);
  const { keyLifetimeMs } = sheetOf(other.provider);
  const first = sends.find(({ refuted }) => !refuted);
  if (other.status !== 'not_sent' || closedAt === null || !first || keyLifetimeMs === null) return;
  const isOver = closedAt >= first.at + keyLifetimeMs;
  if (isOver && msOf(attempt.startedAt) < nextSlot(closedAt)) {
    broken('after the life of a key the next attempt waits for the next charge time');
  }
}

/** The same request keeps its key for as long as that lives. */
function checkSameKey(attempt: Attempt, other: Attempt, { memory, sheetOf, now }: Truth): void {
  const asks = (one: Attempt) => [one.provider, one.amount.amountMinor, cardOf(one)].join(' ');
  if (other.status !== 'not_sent' || asks(attempt) !== asks(other)) return;
  // Also the sends that never arrived: that may have been heard too late to count.
  const [first] = memory.of(other.reference).sends;
  const { keyLifetimeMs } = sheetOf(other.provider);
  const isOver = first && keyLifetimeMs !== null && now + LONGEST_CALL >= first.at + keyLifetimeMs;
  if (!isOver) broken('what was not sent is sent again with the same key');
}

/** One a local day. What is heard of while another is under way leaves it to that one, and its place. */
function checkDay(
  attempt: Attempt,
  { status, startedAt, settledAt }: Attempt,
  earlier: readonly Attempt[],
  { memory }: Truth,
): void {
  if (status !== 'declined' || !settledAt) return;
  const previous = earlier.at(-1);
  const closedAt = previous?.status === 'not_sent' ? memory.of(previous.reference).closedAt : null;
  if (closedAt !== null && closedAt > msOf(settledAt)) return;
  if (dayOf(startedAt) >= dayOf(attempt.startedAt)) broken('one attempt a local day');
  if (msOf(attempt.startedAt) < slotAfter(settledAt)) {
    broken('after a decline the next attempt waits for the next charge time');
  }
}
