import { writeAudit } from '@perennial/audit';
import { DiscrepancyKind } from '@perennial/contracts';
import { notFound, Page, page, pageOf, Refusal, route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import {
  DiscrepancyState,
  explainDiscrepancy,
  listDiscrepancies,
  lockDiscrepancy,
} from '../store/discrepancies';
import { DiscrepancyDocument, discrepancyDocument, Id } from './documents';

export function readDiscrepancies() {
  return route({
    method: 'get',
    path: '/discrepancies',
    summary: 'What does not agree and a person has to look at, newest first',
    scopes: ['billing:read'],
    query: Page.extend({
      state: DiscrepancyState.optional(),
      kind: DiscrepancyKind.optional(),
    }),
    answers: { 200: pageOf(DiscrepancyDocument) },
    handle: async ({ query: { limit, cursor = '~', ...filter } }, tx) => {
      const rows = await listDiscrepancies(filter, { limit: limit + 1, cursor }, tx);
      const { data, nextCursor } = page(rows, limit, ({ id }) => id);
      return { status: 200, body: { data: data.map(discrepancyDocument), nextCursor } };
    },
  });
}

export function resolveDiscrepancy({ ids }: Context) {
  return route({
    method: 'post',
    path: '/discrepancies/:id/resolution',
    summary: 'Say what a discrepancy was',
    scopes: ['billing:write'],
    params: Id,
    body: z.strictObject({ state: z.literal('explained'), note: z.string().min(1).max(2000) }),
    answers: { 200: DiscrepancyDocument },
    handle: async ({ params: { id }, body: { note }, cause, now }, tx) => {
      const found = await lockDiscrepancy(id, tx);
      if (!found) throw notFound('discrepancy', id);
      if (found.state !== 'open') {
        throw new Refusal(409, 'already-resolved', 'This discrepancy is resolved already.');
      }
      await explainDiscrepancy(id, note, tx);
      const after = { ...found, state: 'explained' as const, note };
      const entity = { type: 'discrepancy', id };
      const entry = { entity, from: 'open', to: 'explained', facts: after, cause, at: now };
      await writeAudit([entry], tx, ids);
      return { status: 200, body: discrepancyDocument(after) };
    },
  });
}
