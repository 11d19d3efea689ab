import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { Charging } from '../charging';
import type { Fault } from '../faults';
import { type Answer, give } from '../giving';
import type { Workings } from '../provider';
import type { Refunding } from '../refunding';
import { invalidRequest, notFound, refundAnswer } from '../refusals';
import { json } from '../requests';
import type { Answering, Manner, Refusal } from '../token';
import { chargeAnswer, replay, serverError } from './bodies';
import type { IdempotencyKeys } from './idempotency';
import type { Webhooks } from './webhooks';

export const REASONS = [
  'requested_by_customer',
  'duplicate',
  'fraudulent',
  'service_not_provided',
] as const;

const Order = z.object({
  merchantReference: z.string().min(1).max(64),
  amount: z.int().positive(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  paymentMethod: z.string().min(1),
  description: z.string().optional(),
});

const RefundBody = z.object({
  merchantReference: z.string().min(1).max(64),
  amount: z.int().positive().optional(),
  reason: z.enum(REASONS),
});

const STATUS_OF: Record<Refusal, number> = { '429': 429, '503_before': 503 };

interface Called {
  readonly workings: Workings<Fault, Answering, Refusal>;
  readonly charging: Charging;
  readonly refunding: Refunding;
  readonly keys: IdempotencyKeys;
  readonly webhooks: Webhooks;
  readonly answerDelayMs: number;
}

/** The calls that move money, each under its idempotency key. */
export class Calls {
  constructor(private readonly aurora: Called) {}

  routes(app: Express): void {
    app.post('/v1/payments', (request, response) => this.pay(request, response));
    app.post('/v1/payments/:id/refunds', (request, response) => this.refund(request, response));
  }

  private async pay(request: Request, response: Response): Promise<void> {
    const key = request.get('idempotency-key') ?? '';
    const text = String(request.body);
    const order = Order.safeParse(json(text));
    if (key.length < 1 || key.length > 64 || !order.success) {
      response.status(400).json(invalidRequest('invalid payment'));
      return;
    }
    const taken = this.aurora.keys.take(`pay ${key}`, text);
    if (taken !== 'new') {
      replay(response, taken);
      return;
    }
    const { cards, faults } = this.aurora.workings;
    const fate = cards.charge(order.data.paymentMethod, faults.strike());
    if (fate.refusal !== null) {
      this.turnAway(response, `pay ${key}`, fate.refusal);
      return;
    }
    const { description: _, ...facts } = order.data;
    const answer = chargeAnswer(this.aurora.charging.charge(facts, fate));
    if (fate.webhooks === 'first') await this.aurora.webhooks.deliverDue();
    if (this.aurora.answerDelayMs > 0) await sleep(this.aurora.answerDelayMs);
    await this.conclude(response, `pay ${key}`, answer, fate);
  }

  private async refund(request: Request, response: Response): Promise<void> {
    const key = request.get('idempotency-key') ?? '';
    const text = String(request.body);
    const order = RefundBody.safeParse(json(text));
    if (key.length < 1 || key.length > 64 || !order.success) {
      response.status(400).json(invalidRequest('invalid refund'));
      return;
    }
    const { books, cards, faults } = this.aurora.workings;
    const payment = books.payments.get(String(request.params['id']));
    if (!payment) {
      response.status(404).json(notFound);
      return;
    }
    const taken = this.aurora.keys.take(`refund ${key}`, `${payment.id} ${text}`);
    if (taken !== 'new') {
      replay(response, taken);
      return;
    }
    const fate = cards.refund(payment.paymentMethod, faults.strike());
    if (fate.refusal !== null) {
      this.turnAway(response, `refund ${key}`, fate.refusal);
      return;
    }
    const { merchantReference, amount = null, reason } = order.data;
    const facts = { merchantReference, amount, reason };
    const answer = refundAnswer(this.aurora.refunding.refund(payment, facts, fate));
    if (fate.webhooks === 'first') await this.aurora.webhooks.deliverDue();
    if (answer.status === 201) await this.conclude(response, `refund ${key}`, answer, fate);
    else this.refuseRefund(response, `refund ${key}`, answer);
  }

  /** Before any work: the key stays free. */
  private turnAway(response: Response, key: string, refusal: Refusal): void {
    this.aurora.keys.forget(key);
    if (refusal === '429') response.setHeader('Retry-After', '2');
    response.status(STATUS_OF[refusal]).json({ error: { type: 'api_error' } });
  }

  /** A 400 does not use up its key. */
  private refuseRefund(response: Response, key: string, answer: Answer): void {
    if (answer.status === 400) this.aurora.keys.forget(key);
    else this.aurora.keys.keep(key, answer);
    response.status(answer.status).json(answer.body);
  }

  /** The work is done: the answer is kept, as it is shown, and perhaps lost. */
  private async conclude(
    response: Response,
    key: string,
    answer: Answer,
    { answering }: Manner<Answering, Refusal>,
  ): Promise<void> {
    const shown = answering === '500_after' ? serverError : answer;
    this.aurora.keys.keep(key, shown);
    await give(response, shown, answering);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
