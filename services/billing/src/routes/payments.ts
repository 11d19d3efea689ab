import { HistoryEntry, history } from '@perennial/audit';
import type { Tx } from '@perennial/database';
import { notFound, Page, page, pageOf, route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import { type FoundPayment, findPayments, listPayments } from '../store/payments';
import { Id, PaymentDocument, paymentDocument } from './documents';

const LAST = '~';

const Filter = Page.extend({
  customerId: z.uuid().optional(),
  subscriptionId: z.uuid().optional(),
  status: PaymentDocument.shape.status.optional(),
  provider: z.string().max(32).optional(),
  billingDateFrom: z.iso.date().optional(),
  billingDateTo: z.iso.date().optional(),
});

export function readPayments({ rules }: Context) {
  return route({
    method: 'get',
    path: '/payments',
    summary: 'Payments, newest first',
    scopes: ['billing:read'],
    query: Filter,
    answers: { 200: pageOf(PaymentDocument) },
    handle: async ({ query: { limit, cursor = LAST, ...filter } }, tx) => {
      const rows = await listPayments(filter, { limit: limit + 1, cursor }, tx);
      const { data, nextCursor } = page(rows, limit, ({ payment }) => payment.id);
      const documents = data.map(({ payment, refunds }) =>
        paymentDocument(payment, refunds, rules.time.zone),
      );
      return { status: 200, body: { data: documents, nextCursor } };
    },
  });
}

const PaymentWithHistory = PaymentDocument.extend({ history: z.array(HistoryEntry) });

export function readPayment({ rules }: Context) {
  return route({
    method: 'get',
    path: '/payments/:id',
    summary:
      'One payment with its items, attempts and refunds, and the audit entries of all that, oldest first',
    scopes: ['billing:read'],
    params: Id,
    answers: { 200: PaymentWithHistory },
    handle: async ({ params: { id } }, tx) => {
      const [found] = await findPayments([id], tx);
      if (!found) throw notFound('payment', id);
      const document = paymentDocument(found.payment, found.refunds, rules.time.zone);
      const body = { ...document, history: await historyOf(found, tx) };
      return { status: 200, body };
    },
  });
}

async function historyOf({ payment, refunds }: FoundPayment, tx: Tx): Promise<HistoryEntry[]> {
  const entries = await history('payment', payment.id, tx);
  for (const { id } of refunds) entries.push(...(await history('refund', id, tx)));
  return entries.sort((one, other) => (one.id < other.id ? -1 : 1));
}
