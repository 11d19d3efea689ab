import { type AuditEntry, writeAudit } from '@perennial/audit';
import type { Ids } from '@perennial/contracts';
import type { Database } from '@perennial/database';
import { type FailedMessage, FailedState, type Messaging } from '@perennial/messaging';
import { z } from 'zod';
import { Page, page, pageOf } from '../page';
import { notFound } from '../refusal';
import { type RouteRequest, route } from '../route';

const Id = z.object({ id: z.uuid() });

const Document = z.object({
  id: z.uuid(),
  type: z.string(),
  state: FailedState,
  attempts: z.int(),
  nextTryAt: z.iso.datetime().nullable(),
  error: z.string(),
  firstFailedAt: z.iso.datetime(),
  message: z.unknown(),
});

const scopes = ['operator'] as const;

/** Where what operators do about messages is audited. */
interface Books {
  readonly db: Database;
  readonly ids: Ids;
}

/** What this service could not handle, and what an operator can do about it. */
export function messageRoutes(messaging: () => Messaging, books: Books) {
  return [
    route({
      ...{ method: 'get', path: '/messages', scopes, answers: { 200: pageOf(Document) } },
      summary: 'Messages that could not be handled, newest first',
      query: Page.extend({ state: FailedState.optional(), type: z.string().max(128).optional() }),
      handle: async ({ query }, tx) => {
        const rows = await messaging().failed.list({ ...query, limit: query.limit + 1 }, tx);
        const { data, nextCursor } = page(rows, query.limit, ({ id }) => id);
        return { status: 200, body: { data: data.map(documentOf), nextCursor } };
      },
    }),
    route({
      ...{ method: 'get', path: '/messages/:id', scopes, answers: { 200: Document } },
      summary: 'One message that could not be handled',
      params: Id,
      handle: async ({ params: { id } }, tx) => {
        const message = await messaging().failed.find(id, tx);
        if (!message) throw notFound('message', id);
        return { status: 200, body: documentOf(message) };
      },
    }),
    retryRoute(messaging, books),
    discardRoute(messaging, books),
  ];
}

function retryRoute(messaging: () => Messaging, { db, ids }: Books) {
  return route({
    method: 'post',
    path: '/messages/:id/retry',
    summary: 'Handle a message again, now',
    scopes,
    params: Id,
    answers: { 200: z.object({ handled: z.boolean(), failed: Document.nullable() }) },
    perform: async ({ params: { id }, ...request }) => {
      const failed = await messaging().failed.retry(id);
      if (failed === undefined) throw notFound('message', id);
      const to = failed === null ? 'handled' : failed.state;
      await db.transaction((tx) => writeAudit([entryOf(id, to, null, request)], tx, ids));
      return {
        status: 200,
        body: { handled: failed === null, failed: failed && documentOf(failed) },
      };
    },
  });
}

function discardRoute(messaging: () => Messaging, { ids }: Books) {
  return route({
    method: 'post',
    path: '/messages/:id/discard',
    summary: 'Give a message up, and say why',
    scopes,
    params: Id,
    body: z.strictObject({ reason: z.string().min(1).max(2000) }),
    answers: { 200: Document },
    handle: async ({ params: { id }, body: { reason }, caller, ...request }, tx) => {
      const failed = await messaging().failed.discard(id, `${caller.name}: ${reason}`, tx);
      if (!failed) throw notFound('message', id);
      await writeAudit([entryOf(id, 'discarded', reason, request)], tx, ids);
      return { status: 200, body: documentOf(failed) };
    },
  });
}

function entryOf(
  id: string,
  to: string,
  reason: string | null,
  { cause, now }: Pick<RouteRequest, 'cause' | 'now'>,
): AuditEntry {
  const facts = { messageId: id, reason };
  return { entity: { type: 'message', id }, from: null, to, facts, cause, at: now };
}

function documentOf({ body, discardReason: _, ...failed }: FailedMessage) {
  return { ...failed, message: parsed(body) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
