import { addMs, type Instant, msOf } from '@perennial/calendar';
import type { Asked } from './evidence';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY_MS = 24 * HOUR;

/** How long an answer may take before a restarted process, or a peer, asks what became of the call. */
export const CALL_LEASE_MS = 60 * SECOND;

/** Each after the one before; the last repeats. Billing rules: "What an attempt can end as". */
const ENQUIRIES = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR];
const RESENDS = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR];

/** A charge that the provider accepted waits for its webhook first, and goes on up the same ladder. */
const FIRST_RUNG = { unknown: 0, pending: 2 } as const;

/** A day after `madeAt`, when an operator is told, falls an enquiry at the latest. */
export function enquireAt(
  state: keyof typeof FIRST_RUNG,
  enquiriesMade: number,
  now: Instant,
  madeAt: Instant,
): Instant {
  const next = addMs(now, rung(ENQUIRIES, FIRST_RUNG[state] + enquiriesMade));
  const dayOver = addMs(madeAt, DAY_MS);
  return now < dayOver && dayOver < next ? dayOver : next;
}

/** Whether an outcome that is still open has to be shown to an operator. */
export function isLong(madeAt: Instant, now: Instant): boolean {
  return addMs(madeAt, DAY_MS) <= now;
}

/** `waitMs`: what the provider asked for, where it did. */
export function resendAt(sendsMade: number, waitMs: number | null, now: Instant): Instant {
  return addMs(now, Math.max(rung(RESENDS, sendsMade - 1), waitMs ?? 0));
}

/** The longest that a call may last, also at the provider when its answer is long lost. */
const LONGEST_CALL_MS = 30 * SECOND;

/**
 * Whether the provider was asked too soon after a send for "not found" to mean anything. The ladder asks half a
 * minute after the end of the call, so whoever sees everything at once has it by then; with a lag it counts that the
 * call may have begun, and arrived, late in its lease.
 */
export function isEarly(
  asked: Asked | null,
  lastSentAt: Instant,
  enquiryLagMs: number,
  now: Instant,
): boolean {
  const askedAt = asked?.nextActionAt ? addMs(asked.nextActionAt, -CALL_LEASE_MS) : now;
  const unseenMs = enquiryLagMs === 0 ? LONGEST_CALL_MS : CALL_LEASE_MS + enquiryLagMs;
  return msOf(askedAt) - msOf(lastSentAt) < unseenMs;
}

/** Whether a resend now still falls within the life of the key, with time for the call itself. */
export function keyIsAlive(
  firstSentAt: Instant | null,
  keyLifetimeMs: number | null,
  now: Instant,
): boolean {
  if (firstSentAt === null || keyLifetimeMs === null) return true;
  return msOf(now) + CALL_LEASE_MS < msOf(firstSentAt) + keyLifetimeMs;
}

function rung(ladder: readonly number[], step: number): number {
  const last = ladder.length - 1;
  return ladder[Math.min(Math.max(step, 0), last)] ?? 0;
}
