import type { Clock } from '@perennial/calendar';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import { invalidRequest, json, notFound, refundAnswer } from './bodies';
import type { Books, Ledger } from './books';
import type { Refunding } from './refunding';
import { copiesFor, FAULTS, type Fault } from './token';
import type { Webhooks } from './webhooks';

/** What tests see and move behind the provider's back. */
export interface Steered {
  readonly clock: Clock;
  readonly books: Books;
  readonly webhooks: Webhooks;
  readonly refunding: Refunding;
  readonly requests: readonly object[];
  ledger(): Ledger;
  setFaults(seed: number, rates: Partial<Record<Fault, number>>): void;
  reset(): void;
}

const Faults = z.object({
  seed: z.int(),
  rates: z.partialRecord(z.enum(FAULTS), z.number().min(0).max(1)),
});

const LostCard = z.object({
  paymentMethod: z.string().min(1),
  cause: z.enum(['expired', 'cancelled']),
});

const DashboardRefund = z.object({
  reference: z.string(),
  amount: z.int().positive().optional(),
  reason: z.string().min(1),
});

export function steeringRoutes(app: Express, aurora: Steered): void {
  app.get('/_sim/ledger', (_request, response) => void response.json(aurora.ledger()));
  app.get('/_sim/requests', (_request, response) => void response.json({ data: aurora.requests }));
  app.post('/_sim/card-unavailable', (request, response) => loseCard(aurora, request, response));
  app.post('/_sim/refund', (request, response) => refundInDashboard(aurora, request, response));
  app.post('/_sim/faults', (request, response) => {
    const faults = Faults.safeParse(json(String(request.body)));
    if (!faults.success) return void response.status(400).json(invalidRequest('invalid faults'));
    aurora.setFaults(faults.data.seed, faults.data.rates);
    return void response.status(204).end();
  });
  app.post('/_sim/reset', (_request, response) => {
    aurora.reset();
    response.status(204).end();
  });
}

function loseCard({ books, webhooks, clock }: Steered, request: Request, response: Response): void {
  const card = LostCard.safeParse(json(String(request.body)));
  if (!card.success) return void response.status(400).json(invalidRequest('invalid card'));
  const id = books.newId('evt');
  const facts = { createdAt: clock.now(), livemode: false, data: card.data };
  webhooks.send({ id, type: 'card.unavailable', ...facts }, copiesFor(card.data.paymentMethod));
  return void response.status(202).json({ id });
}

/** `reference` is ours of the payment, or Aurora's id of it. */
function refundInDashboard(
  { books, refunding }: Steered,
  request: Request,
  response: Response,
): void {
  const order = DashboardRefund.safeParse(json(String(request.body)));
  if (!order.success) return void response.status(400).json(invalidRequest('invalid refund'));
  const { reference, amount = null, reason } = order.data;
  const payment =
    books.payments.get(reference) ??
    books.paymentsOf(reference).find(({ status }) => status === 'succeeded');
  if (!payment) return void response.status(404).json(notFound);
  const refund = refunding.refund(payment, { merchantReference: null, amount, reason });
  const { status, body } = refundAnswer(refund);
  return void response.status(status).json(body);
}
