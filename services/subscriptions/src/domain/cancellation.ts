import type { CalendarDate, Instant } from '@perennial/calendar';
import type { CardUnavailableCause, EndReason } from '@perennial/contracts';
import { nextBillingDate, nextDailySlot } from './billing-dates';
import type { Moment } from './moment';
import type { Live } from './subscription';

type CancellationReason = Extract<
  EndReason,
  'customer_request' | 'card_expired' | 'card_cancelled'
>;

/** An end that is to come. billing decides when its moment has come, and then says so. */
export interface Cancellation {
  readonly id: string;
  readonly on: CalendarDate;
  readonly reason: CancellationReason;
  /** A cycle whose charge time is later must not be charged. */
  readonly acceptedAt: Instant;
}

export const CARD_REASON: Record<CardUnavailableCause, CancellationReason> = {
  expired: 'card_expired',
  cancelled: 'card_cancelled',
};

/** The one that comes first; of two on one day the customer's own, which no new card revokes. */
export function effectiveCancellation({ request, card }: Live): Cancellation | null {
  if (!request || !card) return request ?? card;
  return card.on < request.on ? card : request;
}

/** The customer asks for the end at the next billing date. Asked again, the first stays. */
export function requestCancellation(live: Live, id: string, moment: Moment): Live {
  if (live.request) return live;
  const on = nextBillingDate(live, moment);
  const reason = 'customer_request';
  return { ...live, request: { id, on, reason, acceptedAt: moment.now } };
}

/** Takes back what the customer asked for; a card-caused cancellation is not the customer's to take back. */
export function takeBackCancellation(live: Live): Live {
  return live.request ? { ...live, request: null } : live;
}

/** Billing rules: "Provider events", `card-unavailable`. Told twice, the first stays. */
export function cardBecameUnavailable(
  live: Live,
  { id, cause }: { id: string; cause: CardUnavailableCause },
  moment: Moment,
): Live {
  if (live.card) return live;
  const on = cardCancellationDate(live, moment);
  return { ...live, card: { id, on, reason: CARD_REASON[cause], acceptedAt: moment.now } };
}

/** A new payment method revokes what the old one's end had brought. */
export function cardReplaced(live: Live): Live {
  return live.card ? { ...live, card: null } : live;
}

/** Keeps a card-caused cancellation on its rule when the subscription enters or leaves grace. */
export function withMovedCardDate(live: Live, moment: Moment): Live {
  if (!live.card) return live;
  return { ...live, card: { ...live.card, on: cardCancellationDate(live, moment) } };
}

/** In grace at the next daily slot: what was served is not paid. Else when the paid time is over. */
function cardCancellationDate(live: Live, moment: Moment): CalendarDate {
  return live.status === 'past_due' ? nextDailySlot(moment) : nextBillingDate(live, moment);
}
