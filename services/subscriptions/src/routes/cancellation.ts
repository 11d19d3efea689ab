import type { Tx } from '@perennial/database';
import { notFound, Refusal, type RouteAnswer, type RouteRequest, route } from '@perennial/service';
import { z } from 'zod';
import { Changes } from '../changes';
import { type Context, presently } from '../context';
import { requestCancellation, takeBackCancellation } from '../domain/cancellation';
import { cancelledNow } from '../domain/end';
import { isLive, type Live, type Subscription } from '../domain/subscription';
import { lockSubscriptions } from '../store/subscriptions';
import { Id, SubscriptionDocument, subscriptionDocument } from './documents';

const Wish = z.strictObject({ when: z.enum(['next_billing_date', 'now']) });

/** The customer asks for the end. Billing rules: "Cancelling". */
export function cancel(context: Context) {
  return route({
    method: 'post',
    path: '/subscriptions/:id/cancellation',
    summary: 'Cancel a subscription, at its next billing date or now',
    scopes: ['subscriptions'],
    params: Id,
    body: Wish,
    answers: { 200: SubscriptionDocument },
    handle: (request, tx) =>
      decide(context, request, tx, (live) =>
        request.body.when === 'now'
          ? cancelledNow(live, 'customer_request', request.now)
          : requestCancellation(live, context.ids(), presently(context, request.now)),
      ),
  });
}

export function takeBack(context: Context) {
  return route({
    method: 'delete',
    path: '/subscriptions/:id/cancellation',
    summary:
      'Take back a scheduled cancellation; one that a lost card caused goes with a new card only',
    scopes: ['subscriptions'],
    params: Id,
    answers: { 200: SubscriptionDocument },
    handle: (request, tx) => decide(context, request, tx, takeBackCancellation),
  });
}

async function decide(
  context: Context,
  { params, cause, now }: Pick<RouteRequest<z.output<typeof Id>>, 'params' | 'cause' | 'now'>,
  tx: Tx,
  rule: (live: Live) => Subscription,
): Promise<RouteAnswer> {
  const [subscription] = await lockSubscriptions([params.id], tx);
  if (!subscription) throw notFound('subscription');
  if (!isLive(subscription)) {
    const detail = `The subscription is ${subscription.status}, which is final.`;
    throw new Refusal(409, 'subscription-ended', detail);
  }
  const changes = new Changes([subscription]);
  changes.apply(params.id, rule, cause, now);
  const announce = await changes.save(tx, context.ids);
  const document = subscriptionDocument(changes.get(params.id), presently(context, now));
  return { status: 200, body: document, announce };
}
