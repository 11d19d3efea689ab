import type { Tx } from '@perennial/database';
import type { Subscription } from '../domain/subscription';
import { rowOf, subscriptionOf } from './subscription-row';

export async function insertSubscription(subscription: Subscription, tx: Tx): Promise<void> {
  await tx.insert('subscriptions', [rowOf(subscription)]);
}

export async function saveSubscriptions(
  subscriptions: readonly Subscription[],
  tx: Tx,
): Promise<void> {
  if (subscriptions.length === 0) return;
  await tx.update('subscriptions', ['id'], subscriptions.map(rowOf));
}

export async function findSubscription(id: string, tx: Tx): Promise<Subscription | null> {
  const [row] = await tx.select('SELECT * FROM subscriptions WHERE id = :id', { id });
  return row === undefined ? null : subscriptionOf(row);
}

/** In the order of their ids, always: two that want the same rows do not wait for each other in a circle. */
export async function lockSubscriptions(ids: readonly string[], tx: Tx): Promise<Subscription[]> {
  if (ids.length === 0) return [];
  const rows = await tx.select(
    `SELECT * FROM subscriptions WHERE id IN (:ids) ORDER BY id${tx.forUpdate}`,
    { ids: [...new Set(ids)].sort() },
  );
  return rows.map(subscriptionOf);
}

export async function lockLiveSubscriptionsOf(
  customerIds: readonly string[],
  tx: Tx,
): Promise<Subscription[]> {
  if (customerIds.length === 0) return [];
  const rows = await tx.select(
    `SELECT * FROM subscriptions
     WHERE customer_id IN (:customerIds) AND status IN ('active', 'past_due')
     ORDER BY id${tx.forUpdate}`,
    { customerIds },
  );
  return rows.map(subscriptionOf);
}

/** Newest first, from `cursor` on: the id of the last one seen. */
export async function subscriptionsOf(
  customerId: string,
  { limit, cursor = '~' }: { limit: number; cursor?: string | undefined },
  tx: Tx,
): Promise<Subscription[]> {
  const rows = await tx.select(
    `SELECT * FROM subscriptions WHERE customer_id = :customerId AND id < :cursor
     ORDER BY id DESC LIMIT :limit`,
    { customerId, cursor, limit },
  );
  return rows.map(subscriptionOf);
}
