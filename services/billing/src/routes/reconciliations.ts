import { Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { type FieldError, invalid, notFound, Page, page, pageOf, route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import { countFindings, listFindings } from '../store/findings';
import {
  findReconciliation,
  insertReconciliations,
  listReconciliations,
  opened,
  type Reconciliation,
} from '../store/reconciliations';
import { DiscrepancyDocument, discrepancyDocument, Id } from './documents';

/** The CSV has them all. */
const MOST_SHOWN = 1_000;

const ReconciliationSummary = z.object({
  id: z.uuid(),
  provider: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  status: z.enum(['running', 'done', 'failed']),
  compared: z.int(),
  autoFixed: z.int(),
  /** What the provider last failed with; null: it answers. */
  failure: z.string().nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});

const ReconciliationDocument = ReconciliationSummary.extend({
  /** All that were found; the oldest of them are shown. */
  discrepancyCount: z.int(),
  discrepancies: z.array(DiscrepancyDocument),
});

function summaryOf(reconciliation: Reconciliation): z.input<typeof ReconciliationSummary> {
  const { id, provider, status, compared, autoFixed, failure } = reconciliation;
  const { fromAt, toAt, createdAt, finishedAt } = reconciliation;
  return {
    ...{ id, provider, from: fromAt, to: toAt, status, compared, autoFixed },
    ...{ failure, startedAt: createdAt, finishedAt },
  };
}

async function documentOf(
  reconciliation: Reconciliation,
  tx: Tx,
): Promise<z.input<typeof ReconciliationDocument>> {
  const { id } = reconciliation;
  const found = await listFindings(id, { after: '', limit: MOST_SHOWN }, tx);
  return {
    ...summaryOf(reconciliation),
    discrepancyCount: found.length < MOST_SHOWN ? found.length : await countFindings(id, tx),
    discrepancies: found.map(discrepancyDocument),
  };
}

const Wanted = z.strictObject({ provider: z.string().max(32), from: Instant, to: Instant });

/** Stored, and carried out by the timer of whichever replica comes first. */
export function startReconciliation({ ids, providers }: Context) {
  return route({
    method: 'post',
    path: '/reconciliations',
    summary:
      "Compare our books with a provider's for a window that is over: `from` included, `to` not",
    scopes: ['billing:write'],
    body: Wanted,
    answers: { 202: ReconciliationDocument },
    handle: async ({ body: { provider, from: fromAt, to: toAt }, cause, now }, tx) => {
      const wrong = [
        ...(providers.has(provider) ? [] : [unknownProvider]),
        ...(fromAt < toAt ? [] : [empty]),
        ...(toAt <= now ? [] : [notOver]),
      ];
      if (wrong.length > 0) throw invalid(wrong);
      const times = { fromAt, toAt, createdAt: now, nextActionAt: now };
      const reconciliation = opened({ id: ids(), provider, day: null, cause, ...times });
      await insertReconciliations([reconciliation], tx);
      return { status: 202, body: await documentOf(reconciliation, tx) };
    },
  });
}

const unknownProvider: FieldError = {
  pointer: '/provider',
  code: 'unknown-provider',
  message: 'There is no such provider in use here.',
};
const empty: FieldError = {
  pointer: '/to',
  code: 'not-after-from',
  message: 'The window ends where it begins, or before.',
};
const notOver: FieldError = {
  pointer: '/to',
  code: 'in-the-future',
  message: 'The window is not over yet.',
};

export function readReconciliations() {
  return route({
    method: 'get',
    path: '/reconciliations',
    summary: 'Reconciliations, newest first, those of the timer too',
    scopes: ['billing:read'],
    query: Page,
    answers: { 200: pageOf(ReconciliationSummary) },
    handle: async ({ query: { limit, cursor = '~' } }, tx) => {
      const rows = await listReconciliations(limit + 1, cursor, tx);
      const { data, nextCursor } = page(rows, limit, ({ id }) => id);
      return { status: 200, body: { data: data.map(summaryOf), nextCursor } };
    },
  });
}

export function readReconciliation() {
  return route({
    method: 'get',
    path: '/reconciliations/:id',
    summary: `One reconciliation, with the first ${MOST_SHOWN} of what it found, oldest first`,
    scopes: ['billing:read'],
    params: Id,
    answers: { 200: ReconciliationDocument },
    handle: async ({ params: { id } }, tx) => {
      const found = await findReconciliation(id, tx);
      if (!found) throw notFound('reconciliation', id);
      return { status: 200, body: await documentOf(found, tx) };
    },
  });
}
