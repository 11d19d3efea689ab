import type { Express, Response } from 'express';
import { z } from 'zod';
import type { Ledger } from './books';
import type { Rates } from './faults';
import type { Refunding } from './refunding';
import { invalidRequest, notFound, refundAnswer } from './refusals';
import { json, type Requests } from './requests';

export const LostCard = z.object({
  paymentMethod: z.string().min(1),
  cause: z.enum(['expired', 'cancelled']),
});
export type LostCard = z.output<typeof LostCard>;

/** What tests see and move behind a provider's back. */
export interface Steered<F extends string> {
  readonly faults: readonly F[];
  readonly requests: Requests;
  readonly refunding: Refunding;
  ledger(): Ledger;
  /** Gives the id of the event that tells it. */
  loseCard(card: LostCard): string;
  setFaults(seed: number, rates: Rates<F>): void;
  reset(): void;
}

const DashboardRefund = z.object({
  reference: z.string(),
  amount: z.int().positive().optional(),
  reason: z.string().min(1),
});

export function steeringRoutes<F extends string>(app: Express, steered: Steered<F>): void {
  const Faults = z.object({
    seed: z.int(),
    rates: z.partialRecord(z.enum(steered.faults), z.number().min(0).max(1)),
  });
  app.get('/_sim/ledger', (_request, response) => void response.json(steered.ledger()));
  app.get('/_sim/requests', (_request, response) => {
    response.json({ data: steered.requests.seen });
  });
  app.post('/_sim/card-unavailable', (request, response) => {
    const card = LostCard.safeParse(json(String(request.body)));
    if (!card.success) return void response.status(400).json(invalidRequest('invalid card'));
    return void response.status(202).json({ id: steered.loseCard(card.data) });
  });
  app.post('/_sim/refund', (request, response) => {
    refundInDashboard(steered.refunding, json(String(request.body)), response);
  });
  app.post('/_sim/faults', (request, response) => {
    const faults = Faults.safeParse(json(String(request.body)));
    if (!faults.success) return void response.status(400).json(invalidRequest('invalid faults'));
    steered.setFaults(faults.data.seed, faults.data.rates);
    return void response.status(204).end();
  });
  app.post('/_sim/reset', (_request, response) => {
    steered.reset();
    response.status(204).end();
  });
}

function refundInDashboard(refunding: Refunding, body: unknown, response: Response): void {
  const order = DashboardRefund.safeParse(body);
  if (!order.success) return void response.status(400).json(invalidRequest('invalid refund'));
  const { reference, amount = null, reason } = order.data;
  const refund = refunding.refundInDashboard(reference, { amount, reason });
  if (!refund) return void response.status(404).json(notFound);
  const answer = refundAnswer(refund);
  return void response.status(answer.status).json(answer.body);
}
