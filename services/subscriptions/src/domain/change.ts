import type { Instant } from '@perennial/calendar';
import {
  type Announcement,
  CancellationRevoked,
  CancellationScheduled,
  type Cause,
  SubscriptionEnded,
} from '@perennial/contracts';
import { type Cancellation, effectiveCancellation } from './cancellation';
import { type Ended, isLive, type Live, type Subscription } from './subscription';

/** A decision, ready to be written: what follows, and what is said about it. */
export interface Change {
  readonly after: Subscription;
  readonly announce: readonly Announcement[];
}

/** Whether anything changed that others may see: news of a payment alone are only remembered. */
export function isVisible(before: Live, after: Subscription): boolean {
  if (!isLive(after)) return true;
  return (
    before.status !== after.status || before.request !== after.request || before.card !== after.card
  );
}

/**
 * Tells what has changed. billing keeps the newest word about a cancellation, so each message has a
 * version of its own, and where one cancellation takes another's place the scheduled one is the later.
 */
export function changeOf(before: Live, after: Subscription, cause: Cause, at: Instant): Change {
  const news = isLive(after) ? cancellationNews(before, after, at) : [endNews(before, after)];
  const announce = news.map((tell, index) => tell(before.version + index + 1, cause));
  const raised = isVisible(before, after) ? Math.max(1, announce.length) : 0;
  return { after: { ...after, version: before.version + raised }, announce };
}

type News = (version: number, cause: Cause) => Announcement;

function cancellationNews(before: Live, after: Live, at: Instant): News[] {
  const [old, next] = [effectiveCancellation(before), effectiveCancellation(after)];
  if (old?.id === next?.id && old?.on === next?.on) return [];
  const isMoved = old?.id === next?.id;
  return [
    ...(old && !isMoved ? [revokedNews(after, old, at)] : []),
    ...(next ? [scheduledNews(after, next)] : []),
  ];
}

function scheduledNews(live: Live, { id: cancellationId, ...facts }: Cancellation): News {
  const { id: subscriptionId, customerId, productName } = live;
  const data = { subscriptionId, customerId, cancellationId, productName, ...facts };
  return (version, cause) => CancellationScheduled.of(subscriptionId, version, data, cause);
}

function revokedNews(live: Live, { id: cancellationId }: Cancellation, revokedAt: Instant): News {
  const { id: subscriptionId, customerId } = live;
  const data = { subscriptionId, customerId, cancellationId, revokedAt };
  return (version, cause) => CancellationRevoked.of(subscriptionId, version, data, cause);
}

function endNews(before: Live, ended: Ended): News {
  const { id: subscriptionId, customerId, productName, status, endedAt } = ended;
  const paymentId = ended.status === 'terminated' ? ended.paymentId : null;
  const cancellationId = effectiveCancellation(before)?.id ?? null;
  const facts = {
    productName,
    status,
    reason: ended.endReason,
    endedAt,
    paymentId,
    cancellationId,
  };
  const data = { subscriptionId, customerId, ...facts };
  return (version, cause) => SubscriptionEnded.of(subscriptionId, version, data, cause);
}
