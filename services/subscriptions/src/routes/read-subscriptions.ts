import { notFound, Page, page, pageOf, route } from '@perennial/service';
import { type Context, presently } from '../context';
import { Customers } from '../store/customers';
import { findSubscription, subscriptionsOf } from '../store/subscriptions';
import { Id, SubscriptionDocument, subscriptionDocument } from './documents';

export function readSubscription(context: Context) {
  return route({
    method: 'get',
    path: '/subscriptions/:id',
    summary: 'One subscription',
    scopes: ['subscriptions'],
    params: Id,
    answers: { 200: SubscriptionDocument },
    handle: async ({ params, now }, tx) => {
      const subscription = await findSubscription(params.id, tx);
      if (!subscription) throw notFound('subscription');
      return { status: 200, body: subscriptionDocument(subscription, presently(context, now)) };
    },
  });
}

export function listSubscriptions(context: Context) {
  return route({
    method: 'get',
    path: '/customers/:id/subscriptions',
    summary: 'A customer’s subscriptions, newest first; also of one who is erased',
    scopes: ['subscriptions'],
    params: Id,
    query: Page,
    answers: { 200: pageOf(SubscriptionDocument) },
    handle: async ({ params, query: { limit, cursor }, now }, tx) => {
      const customer = await new Customers(context.keyring, tx).find(params.id);
      if (!customer) throw notFound('customer');
      const rows = await subscriptionsOf(customer.id, { limit: limit + 1, cursor }, tx);
      const { data, nextCursor } = page(rows, limit, ({ id }) => id);
      const moment = presently(context, now);
      const documents = data.map((subscription) => subscriptionDocument(subscription, moment));
      return { status: 200, body: { data: documents, nextCursor } };
    },
  });
}
