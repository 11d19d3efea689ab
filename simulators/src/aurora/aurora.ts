import type { Clock, Timer } from '@perennial/calendar';
import { earliest } from '@perennial/calendar';
import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import { type Listening, listen } from '../listen';
import { Random } from '../random';
import { give } from './answers';
import {
  chargeAnswer,
  invalidRequest,
  json,
  notFound,
  refundAnswer,
  replay,
  serverError,
} from './bodies';
import { Books, type Ledger, type LedgerCharge } from './books';
import { Charging } from './charging';
import { IdempotencyKeys } from './idempotency';
import { readRoutes } from './reading';
import { REASONS, Refunding } from './refunding';
import { steeringRoutes } from './steering';
import { type Behaviour, behaviourOf, type Fault, strike } from './token';
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
    steeringRoutes(this.app, {
      clock,
      books: this.books,
      webhooks: this.webhooks,
      refunding: this.refunding,
      requests: this.requests,
      ledger: () => this.ledger(),
      setFaults: (seed, rates) => this.setFaults(seed, rates),
      reset: () => this.reset(),
    });
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
    const answer = chargeAnswer(payment);
    const shown = behaviour.answering === '500_after' ? serverError : answer;
    if (behaviour.webhooks === 'first') await this.webhooks.deliverDue();
    if (this.options.answerDelayMs) await sleep(this.options.answerDelayMs);
    this.keys.keep(`pay ${key}`, shown);
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
    const taken = this.keys.take(`refund ${key}`, `${payment.id} ${text}`);
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

  private reset(): void {
    this.books.clear();
    this.webhooks.clear();
    this.keys.clear();
    this.charging.clear();
    this.chargesBy.clear();
    this.requests.length = 0;
    this.setFaults(0, {});
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
