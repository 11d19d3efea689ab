import type { Database } from '@perennial/database';
import { notFound, route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import type { StoredDiscrepancy } from '../store/discrepancies';
import { listFindings } from '../store/findings';
import { findReconciliation } from '../store/reconciliations';
import { csvLine } from './csv';
import { Id } from './documents';

const ROWS_PER_PAGE = 500;

/** What comparing says of both sides; whatever else there is to a discrepancy is in the last column. */
const DETAILS = [
  ...['subject', 'reference', 'providerReference', 'status', 'providerStatus'],
  ...['amountMinor', 'currency', 'providerAmountMinor', 'providerCurrency'],
] as const;

const HEADER = [
  ...['id', 'kind', 'state', 'provider', 'paymentId', 'openedAt', 'note'],
  ...DETAILS,
  'details',
];

/** Page by page, however many there are. */
export function readReconciliationCsv({ db }: Context) {
  return route({
    method: 'get',
    path: '/reconciliations/:id.csv',
    summary: 'All that a reconciliation found, oldest first, as CSV',
    scopes: ['billing:read'],
    params: Id,
    answers: { 200: z.string() },
    contentType: 'text/csv',
    perform: async ({ params: { id } }) => {
      const found = await db.transaction((tx) => findReconciliation(id, tx));
      if (!found) throw notFound('reconciliation', id);
      return {
        status: 200,
        contentType: 'text/csv; charset=utf-8; header=present',
        body: lines(id, db),
      };
    },
  });
}

async function* lines(id: string, db: Database): AsyncGenerator<string> {
  yield csvLine(HEADER);
  for (let after = ''; ; ) {
    const page = await db.transaction((tx) =>
      listFindings(id, { after, limit: ROWS_PER_PAGE }, tx),
    );
    if (page.length > 0) yield page.map(line).join('');
    const last = page.at(-1);
    if (!last || page.length < ROWS_PER_PAGE) return;
    after = last.id;
  }
}

function line({
  id,
  kind,
  state,
  provider,
  paymentId,
  openedAt,
  note,
  details,
}: StoredDiscrepancy) {
  return csvLine([
    ...[id, kind, state, provider, paymentId, openedAt, note],
    ...DETAILS.map((name) => details[name] ?? null),
    JSON.stringify(details),
  ]);
}
