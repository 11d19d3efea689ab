import { type Clock, Instant, msOf } from '@perennial/calendar';
import type { Express, Request, Response } from 'express';
import type { Books } from '../books';
import { invalidRequest, notFound } from '../refusals';
import { Seeing } from '../seeing';
import type { Webhooks } from './webhooks';

const EVENTS_KEPT_MS = 30 * 86_400_000;
const PAGE = 100;

/** Everything that only looks. */
export function readRoutes(app: Express, books: Books, webhooks: Webhooks, clock: Clock): void {
  const seen = new Seeing(books, clock);

  app.get('/v1/payments/:id', (request, response) => {
    const payment = books.payments.get(request.params.id);
    if (payment && seen.payment(payment)) response.json(payment);
    else response.status(404).json(notFound);
  });
  app.get('/v1/payments', (request, response) => {
    const { merchantReference } = request.query;
    const found =
      typeof merchantReference === 'string'
        ? books.paymentsOf(merchantReference)
        : [...books.payments.values()];
    list(request, response, found.filter(seen.payment));
  });
  app.get('/v1/refunds', (request, response) => {
    const { merchantReference } = request.query;
    const found = books.refunds.filter(
      (refund) =>
        typeof merchantReference !== 'string' || refund.merchantReference === merchantReference,
    );
    list(request, response, found.filter(seen.refund));
  });
  app.get('/v1/events', (request, response) => {
    const { after } = request.query;
    const kept = webhooks.events.filter(
      ({ createdAt }) => msOf(clock.now()) - msOf(createdAt) <= EVENTS_KEPT_MS,
    );
    const start = kept.findIndex(({ id }) => id === after) + 1;
    page(response, kept.slice(start), PAGE);
  });
}

/** Oldest first, by time of creation, `createdTo` excluded. */
function list<T extends { readonly id: string; readonly createdAt: string }>(
  request: Request,
  response: Response,
  items: readonly T[],
): void {
  const { createdFrom, createdTo, cursor, limit } = request.query;
  const from = Instant.optional().safeParse(createdFrom);
  const to = Instant.optional().safeParse(createdTo);
  if (!from.success || !to.success) {
    response.status(400).json(invalidRequest('times are ISO 8601 with an offset'));
    return;
  }
  const inTime = items.filter(({ createdAt }) => isWithin(createdAt, from.data, to.data));
  const start = inTime.findIndex(({ id }) => id === cursor) + 1;
  const size =
    typeof limit === 'string' ? Math.min(Math.max(Number(limit) || PAGE, 1), PAGE) : PAGE;
  page(response, inTime.slice(start), size);
}

function isWithin(at: string, from = '', to = '~'): boolean {
  return at >= from && at < to;
}

function page<T extends { readonly id: string }>(
  response: Response,
  items: readonly T[],
  size: number,
): void {
  const data = items.slice(0, size);
  const hasMore = items.length > size;
  response.json({ data, hasMore, nextCursor: hasMore ? (data.at(-1)?.id ?? null) : null });
}
