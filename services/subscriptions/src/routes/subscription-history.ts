import { HistoryEntry, history } from '@perennial/audit';
import { notFound, Page, page, pageOf, route } from '@perennial/service';
import { findSubscription } from '../store/subscriptions';
import { Id } from './documents';

export function subscriptionHistory() {
  return route({
    method: 'get',
    path: '/subscriptions/:id/history',
    summary: 'What became of a subscription and why: its audit entries, oldest first',
    scopes: ['subscriptions'],
    params: Id,
    query: Page,
    answers: { 200: pageOf(HistoryEntry) },
    handle: async ({ params, query: { limit, cursor } }, tx) => {
      if (!(await findSubscription(params.id, tx))) throw notFound('subscription');
      const entries = await history('subscription', params.id, tx);
      const seen = entries.findIndex(({ id }) => id === cursor);
      const rows = entries.slice(seen + 1, seen + 2 + limit);
      const { data, nextCursor } = page(rows, limit, ({ id }) => id);
      return { status: 200, body: { data, nextCursor } };
    },
  });
}
