import { instantOfMs } from '@perennial/calendar';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { Books, Payment } from '../books';
import { json } from '../requests';
import type { Seeing } from '../seeing';
import { malformed, rsnOf, transaction } from './bodies';

const PAGE = 100;

const EnquireBody = z.union([
  z.strictObject({ extRef: z.string().min(1) }),
  z.strictObject({ txnNo: z.string().min(1) }),
]);

/** The last second of the year 9999. */
const Epoch = z.int().nonnegative().max(253_402_300_799);
const StatementBody = z.object({ fromTs: Epoch, toTs: Epoch, page: z.int().min(1) });

/** Everything that only looks. */
export function readRoutes(app: Express, books: Books, seen: Seeing): void {
  app.post('/api/enquire', (request, response) => enquire(books, seen, request, response));
  app.post('/api/statement', (request, response) => state(books, seen, request, response));
}

/** By our reference of the charge, or the bank's number of it. */
function enquire(books: Books, seen: Seeing, request: Request, response: Response): void {
  const { data, success } = EnquireBody.safeParse(json(String(request.body)));
  if (!success) return void malformed(response);
  const payment =
    'txnNo' in data ? books.payments.get(data.txnNo) : books.paymentsOf(data.extRef)[0];
  if (!payment || !seen.payment(payment)) return void response.json({ rc: '25' });
  response.json({ rc: '00', ...shown(books, seen, payment), ...rsnOf(payment) });
}

/** By the second in which a charge was made, `toTs` excluded; oldest first. */
function state(books: Books, seen: Seeing, request: Request, response: Response): void {
  const { data, success } = StatementBody.safeParse(json(String(request.body)));
  if (!success) return void malformed(response);
  const [from, to] = [instantOfMs(data.fromTs * 1000), instantOfMs(data.toTs * 1000)];
  const found = [...books.payments.values()].filter(
    (payment) => payment.createdAt >= from && payment.createdAt < to && seen.payment(payment),
  );
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const entries = found
    .slice((data.page - 1) * PAGE, data.page * PAGE)
    .map((payment) => shown(books, seen, payment));
  response.json({ rc: '00', page: data.page, pages, entries });
}

function shown(books: Books, seen: Seeing, payment: Payment): object {
  return transaction(payment, books.refundsOf(payment.id).filter(seen.refund));
}
