import type { Clock, Timer } from '@perennial/calendar';
import { earliest } from '@perennial/calendar';
import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import { type Listening, listen } from '../listen';
import { Random } from '../random';
import { give } from './answers';
import { Books, type Ledger, type LedgerCharge } from './books';
import { Charging } from './charging';
import { type Answer, IdempotencyKeys } from './idempotency';
import { readRoutes } from './reading';
import { REASONS, Refunding } from './refunding';
import { type Behaviour, behaviourOf, FAULTS, type Fault, strike } from './token';
import { Webhooks, type WebhookTarget } from './webhooks';

export interface AuroraOptions {
  readonly clock: Clock;
  readonly apiKey: string;
  readonly webhook: WebhookTarget;
  /** How long each charge takes, in real time: for benchmarks. */
  readonly answerDelayMs?: number;
}

export interface Aurora {
  readonly app: Express;
  /** Webhooks, and outcomes of what is pending. */
  readonly timer: Timer;
  listen(port: number): Promise<string>;
  ledger(): Ledger;
  /** A planted fault: takes money a second time and tells nobody. */
  slipSecondCharge(): LedgerCharge;
  setFaults(seed: number, rates: Partial<Record<Fault, number>>): void;
  stop(): Promise<void>;
}

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

const Faults = z.object({
  seed: z.int(),
  rates: z.partialRecord(z.enum(FAULTS), z.number().min(0).max(1)),
});

const REQUESTS_KEPT = 10_000;

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | null;
  readonly body: unknown;
  readonly at: string;
}

export function createAurora(options: AuroraOptions): Aurora {
  return new AuroraSimulator(options);
}

class AuroraSimulator implements Aurora {
  readonly app = express();
  private readonly books = new Books();
  private readonly keys: IdempotencyKeys;
  private readonly webhooks: Webhooks;
  private readonly charging: Charging;
  private readonly refunding: Refunding;
  private readonly chargesBy = new Map<string, { charges: number; calls: number }>();
  private readonly requests: Seen[] = [];
  private random = new Random(0);
  private rates: Partial<Record<Fault, number>> = {};
  private listening: Listening | undefined;

  constructor(private readonly options: AuroraOptions) {
    const { clock, webhook } = options;
    this.keys = new IdempotencyKeys(clock);
    this.webhooks = new Webhooks(webhook, clock);
    this.charging = new Charging(this.books, this.webhooks, clock);
    this.refunding = new Refunding(this.books, this.webhooks, clock);
    this.app.disable('x-powered-by').disable('etag');
    this.app.use(express.text({ type: () => true, limit: '1mb' }));
    this.app.use('/v1', (request, response, next) => {
      this.remember(request);
      if (request.get('authorization') === `Bearer ${options.apiKey}`) next();
      else response.status(401).json({ error: { type: 'authentication_error' } });
    });
    this.app.post('/v1/payments', (request, response) => this.pay(request, response));
    this.app.post('/v1/payments/:id/refunds', (request, response) =>
      this.refund(request, response),
    );
    readRoutes(this.app, this.books, this.webhooks, clock);
    this.simRoutes();
  }

  readonly timer: Timer = {
    name: 'aurora',
    everyMs: 200,
    nextAt: async () => earliest(this.charging.nextAt(), await this.webhooks.timer.nextAt()),
    run: async () => {
      this.charging.decideDue();
      await this.webhooks.deliverDue();
    },
  };

  async listen(port: number): Promise<string> {
    this.listening = await listen(this.app, port);
    return this.listening.url;
  }

  ledger(): Ledger {
    return this.books.ledger();
  }

  slipSecondCharge(): LedgerCharge {
    return this.books.slipSecondCharge();
  }

  setFaults(seed: number, rates: Partial<Record<Fault, number>>): void {
    this.random = new Random(seed);
    this.rates = rates;
  }

  async stop(): Promise<void> {
    this.webhooks.close();
    await this.listening?.close();
  }

  private async pay(request: Request, response: Response): Promise<void> {
    const key = request.get('idempotency-key') ?? '';
    const text = String(request.body);
    const order = Order.safeParse(json(text));
    if (key.length < 1 || key.length > 64 || !order.success) {
      response.status(400).json(invalidRequest('invalid payment'));
      return;
    }
    const taken = this.keys.take(`pay ${key}`, text);
    if (taken !== 'new') {
      replay(response, taken);
      return;
    }
    const behaviour = this.behaviour(order.data.paymentMethod);
    if (behaviour.refusal !== null) {
      this.keys.forget(`pay ${key}`);
      if (behaviour.refusal === 429) response.setHeader('Retry-After', '2');
      response.status(behaviour.refusal).json({ error: { type: 'api_error' } });
      return;
    }
    const { description: _, ...facts } = order.data;
    const payment = this.charging.charge(facts, behaviour);
    const answer = answerTo(payment);
    const shown = behaviour.answering === '500_after' ? serverError : answer;
    this.keys.keep(`pay ${key}`, shown);
    if (behaviour.webhooks === 'first') await this.webhooks.deliverDue();
    if (this.options.answerDelayMs) await sleep(this.options.answerDelayMs);
    await give(response, answer, behaviour.answering);
  }

  private behaviour(token: string): Behaviour {
    const count = this.chargesBy.get(token) ?? { charges: 0, calls: 0 };
    const behaviour = behaviourOf(token, count, strike(this.rates, this.random));
    const charges = count.charges + (behaviour.refusal === null ? 1 : 0);
    this.chargesBy.set(token, { charges, calls: count.calls + 1 });
    return behaviour;
  }

  private refund(request: Request, response: Response): void {
    const key = request.get('idempotency-key') ?? '';
    const text = String(request.body);
    const order = RefundBody.safeParse(json(text));
    if (key.length < 1 || key.length > 64 || !order.success) {
      response.status(400).json(invalidRequest('invalid refund'));
      return;
    }
    const payment = this.books.payments.get(String(request.params['id']));
    if (!payment) {
      response.status(404).json(notFound);
      return;
    }
    const taken = this.keys.take(`refund ${key}`, text);
    if (taken !== 'new') {
      replay(response, taken);
      return;
    }
    const { merchantReference, amount = null, reason } = order.data;
    const refund = this.refunding.refund(payment, { merchantReference, amount, reason });
    const answer = refundAnswer(refund);
    if (answer.status === 400) this.keys.forget(`refund ${key}`);
    else this.keys.keep(`refund ${key}`, answer);
    response.status(answer.status).json(answer.body);
  }

  private remember(request: Request): void {
    this.requests.push({
      method: request.method,
      path: request.originalUrl,
      idempotencyKey: request.get('idempotency-key') ?? null,
      body: json(String(request.body)),
      at: this.options.clock.now(),
    });
    if (this.requests.length > 2 * REQUESTS_KEPT) this.requests.splice(0, REQUESTS_KEPT);
  }

  private simRoutes(): void {
    const { app, books, webhooks } = this;
    app.get('/_sim/ledger', (_request, response) => void response.json(this.ledger()));
    app.get('/_sim/requests', (_request, response) => void response.json({ data: this.requests }));
    app.post('/_sim/card-unavailable', (request, response) => {
      const data = z
        .object({ paymentMethod: z.string(), cause: z.enum(['expired', 'cancelled']) })
        .safeParse(json(String(request.body)));
      if (!data.success) return void response.status(400).json(invalidRequest('invalid card'));
      const createdAt = this.options.clock.now();
      const id = books.newId('evt');
      webhooks.send(
        { id, type: 'card.unavailable', createdAt, livemode: false, data: data.data },
        1,
      );
      return void response.status(202).json({ id });
    });
    app.post('/_sim/refund', (request, response) => this.dashboardRefund(request, response));
    app.post('/_sim/faults', (request, response) => {
      const faults = Faults.safeParse(json(String(request.body)));
      if (!faults.success) return void response.status(400).json(invalidRequest('invalid faults'));
      this.setFaults(faults.data.seed, faults.data.rates);
      return void response.status(204).end();
    });
    app.post('/_sim/reset', (_request, response) => {
      books.clear();
      webhooks.clear();
      this.keys.clear();
      this.charging.clear();
      this.chargesBy.clear();
      this.requests.length = 0;
      this.setFaults(0, {});
      response.status(204).end();
    });
  }

  /** `reference` is ours of the payment, or Aurora's id of it. */
  private dashboardRefund(request: Request, response: Response): void {
    const order = z
      .object({ reference: z.string(), amount: z.int().positive().optional(), reason: z.string() })
      .safeParse(json(String(request.body)));
    if (!order.success) return void response.status(400).json(invalidRequest('invalid refund'));
    const { reference, amount = null, reason } = order.data;
    const payment =
      this.books.payments.get(reference) ??
      this.books.paymentsOf(reference).find(({ status }) => status === 'succeeded');
    if (!payment) return void response.status(404).json(notFound);
    const refund = this.refunding.refund(payment, { merchantReference: null, amount, reason });
    const answer = refundAnswer(refund);
    return void response.status(answer.status).json(answer.body);
  }
}

const notFound = { error: { type: 'invalid_request', code: 'not_found' } };
const serverError: Answer = { status: 500, body: { error: { type: 'api_error' } } };

function invalidRequest(message: string) {
  return { error: { type: 'invalid_request', message } };
}

function answerTo(payment: ReturnType<Charging['charge']>): Answer {
  if (payment.status !== 'failed') return { status: 201, body: { ...payment } };
  const { failure, id: paymentId } = payment;
  const error = {
    type: 'card_error',
    code: 'card_declined',
    declineCode: failure?.code,
    paymentId,
  };
  return { status: 402, body: { error: { ...error, message: failure?.message } } };
}

function refundAnswer(refund: ReturnType<Refunding['refund']>): Answer {
  if (typeof refund !== 'string') return { status: 201, body: refund };
  const status = refund === 'refund_exceeds_payment' ? 400 : 409;
  return { status, body: { error: { type: 'invalid_request', code: refund } } };
}

function replay(response: Response, taken: Answer | 'in progress' | 'other body'): void {
  if (taken === 'in progress') {
    response.status(409).json({ error: { type: 'idempotency_error', code: 'key_in_progress' } });
  } else if (taken === 'other body') {
    response.status(422).json({ error: { type: 'idempotency_error', code: 'key_reused' } });
  } else {
    response.setHeader('Idempotent-Replayed', 'true');
    response.status(taken.status).json(taken.body);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
