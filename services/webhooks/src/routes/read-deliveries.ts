import { Instant } from '@perennial/calendar';
import { notFound, Page, page, pageOf, route } from '@perennial/service';
import { z } from 'zod';
import { Delivery, DeliveryStatus } from '../domain/delivery';
import { findDelivery, listDeliveries } from '../store';

const Query = Page.extend({
  provider: z.string().max(32).optional(),
  status: DeliveryStatus.optional(),
  type: z.string().max(64).optional(),
  reference: z.string().max(128).optional(),
  /** By the time of receipt: `from` included, `to` not. */
  from: Instant.optional(),
  to: Instant.optional(),
});

export const readDeliveries = route({
  method: 'get',
  path: '/deliveries',
  summary: 'What the providers told, newest first',
  scopes: ['operator'],
  query: Query,
  answers: { 200: pageOf(Delivery) },
  handle: async ({ query: { limit, cursor, ...filter } }, tx) => {
    const rows = await listDeliveries(filter, { limit: limit + 1, cursor }, tx);
    return { status: 200, body: page(rows, limit, ({ id }) => id) };
  },
});

export const readDelivery = route({
  method: 'get',
  path: '/deliveries/:id',
  summary: 'One delivery',
  scopes: ['operator'],
  params: z.object({ id: z.uuid() }),
  answers: { 200: Delivery },
  handle: async ({ params }, tx) => {
    const delivery = await findDelivery(params.id, tx);
    if (!delivery) throw notFound('delivery');
    return { status: 200, body: Delivery.parse(delivery) };
  },
});
