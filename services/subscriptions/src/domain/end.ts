import type { Instant } from '@perennial/calendar';
import { effectiveCancellation } from './cancellation';
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
 * billing did not charge a cycle: over, for the reason that was scheduled by then. Where none was (it was
 * revoked too late, or its own message is still on the way) billing's reason counts: it charges no more
 * either way.
 */
export function cycleSkipped(
  live: Live,
  skipped: { reason: 'card_expired' | 'card_cancelled' | 'cancellation_due'; at: Instant },
): Cancelled {
  const told = skipped.reason === 'cancellation_due' ? 'customer_request' : skipped.reason;
  const scheduled = effectiveCancellation(live);
  const isOfThen = scheduled !== null && scheduled.acceptedAt <= skipped.at;
  return cancelledNow(live, isOfThen ? scheduled.reason : told, skipped.at);
}

/** The last decline of grace ends every subscription of its payment, whatever else was on its way. */
export function paymentExhausted(live: Live, paymentId: string, endedAt: Instant): Terminated {
  const endReason = 'payment_exhausted';
  return { ...purchaseOf(live), status: 'terminated', endReason, endedAt, paymentId };
}
