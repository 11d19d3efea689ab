import type { Instant } from '@perennial/calendar';
import { effectiveCancellation } from './cancellation';
import type { Moment } from './moment';
import { type Cancelled, type Live, purchaseOf, type Terminated } from './subscription';

/** Ends at once: asked for so, or the customer is erased. */
export function cancelledNow(
  live: Live,
  endReason: Cancelled['endReason'],
  endedAt: Instant,
): Cancelled {
  return { ...purchaseOf(live), status: 'cancelled', endReason, endedAt };
}

/**
 * billing did not charge a cycle: over since `then`, for the reason whose date had come. Where none had (it
 * was revoked too late, or its own message is still on the way) billing's reason counts: it charges no more
 * either way.
 */
export function cycleSkipped(
  live: Live,
  reason: 'card_expired' | 'card_cancelled' | 'cancellation_due',
  then: Moment,
): Cancelled {
  const told = reason === 'cancellation_due' ? 'customer_request' : reason;
  const scheduled = effectiveCancellation(live);
  const hadCome = scheduled !== null && scheduled.on <= then.today;
  return cancelledNow(live, hadCome ? scheduled.reason : told, then.now);
}

/** The last decline of grace ends every subscription of its payment, whatever else was on its way. */
export function paymentExhausted(live: Live, paymentId: string, endedAt: Instant): Terminated {
  const endReason = 'payment_exhausted';
  return { ...purchaseOf(live), status: 'terminated', endReason, endedAt, paymentId };
}
