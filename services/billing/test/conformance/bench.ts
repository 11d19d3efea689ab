import { addMs, type Instant, msOf, parseInstant } from '@perennial/calendar';
import { createIds, type Money, type RefundReason } from '@perennial/contracts';
import {
  type ClosableHttpClient,
  createHttpClient,
  type HttpClient,
  type HttpResponse,
  ManualClock,
} from '@perennial/service';
import type { ChargeEvidence, RefundEvidence } from '../../src/domain/evidence';
import { referenceOf } from '../../src/domain/moment';
import type { Attempt } from '../../src/domain/payment';
import type { Refund } from '../../src/domain/refund';
import type { Provider } from '../../src/providers/provider';
import { attempt as anAttempt, refund as aRefund } from '../one-attempt';
import { openProvider } from '../open-provider';
import type { Harness, Simulator } from './harness';
import { type Listening, listenFor } from './listening';
import type { Moved } from './violations';

const START = parseInstant('2026-01-05T06:00:00Z');
const NOBODY = 'http://127.0.0.1:9/nobody';
/** A busy machine may take its time; only where no answer comes is it not waited for so long. */
const TIMEOUT_MS = 10_000;
const TIMEOUT_IN_SILENCE_MS = 1_500;

/** What a lie makes of an adapter that speaks the truth. */
export type Lie = (honest: Provider) => Provider;

interface Opening {
  readonly lie?: Lie | undefined;
  /** Whether its webhooks are listened to. */
  readonly listening?: boolean | undefined;
  /** Whether an answer is awaited that never comes. */
  readonly silence?: boolean | undefined;
}

export const TWELVE_FIFTY: Money = { amountMinor: 1250, currency: 'GBP' };

/** One adapter and one simulator of its provider, on one clock that stands still between calls. */
export class Bench {
  private readonly ids: () => string;
  private cards = 0;

  private constructor(
    readonly harness: Harness,
    readonly clock: ManualClock,
    readonly provider: Provider,
    readonly simulator: Simulator,
    /** Statuses of the answers, in order; 0: none came. */
    readonly answers: number[],
    private readonly simulatorUrl: string,
    private readonly listening: Listening | null,
    private readonly http: ClosableHttpClient,
  ) {
    this.ids = createIds(clock);
  }

  static async open(harness: Harness, { lie, listening, silence }: Opening = {}): Promise<Bench> {
    const clock = new ManualClock(START);
    const { adapter } = harness;
    const listener = listening ? await listenFor(harness.webhooks, clock) : null;
    const webhookUrl = listener ? `${listener.url}/webhooks/${adapter.name}` : NOBODY;
    const simulator = harness.simulate(clock, webhookUrl);
    const url = await simulator.listen(0);
    const http = createHttpClient();
    const answers: number[] = [];
    const timeoutMs = silence ? TIMEOUT_IN_SILENCE_MS : TIMEOUT_MS;
    const opening = { http: watched(http, answers), env: harness.billing(url), clock };
    const honest = openProvider(adapter, { ...opening, timeoutMs });
    const provider = lie ? lie(honest) : honest;
    return new Bench(harness, clock, provider, simulator, answers, url, listener, http);
  }

  async close(): Promise<void> {
    await this.simulator.stop();
    await this.listening?.stop();
    this.http.close();
  }

  get sheet() {
    return this.provider.sheet;
  }

  /** What the webhooks service has made of what it was told. */
  get heard(): Listening {
    if (!this.listening) throw new Error('this bench does not listen');
    return this.listening;
  }

  /** Time goes on, and the provider does what falls due at its end. */
  async pass(ms: number): Promise<Instant> {
    await this.clock.set(addMs(this.clock.now(), ms));
    await this.simulator.timer.run();
    return this.clock.now();
  }

  /** Waits until the pace allows so many calls, and takes them. */
  async turn(calls = 1): Promise<void> {
    const { pace } = this.provider;
    for (let left = calls; left > 0; ) {
      const readyAt = pace.readyAt();
      if (readyAt !== null) await this.clock.set(readyAt);
      const now = Math.min(left, pace.available());
      pace.take(now);
      left -= now;
    }
  }

  /** A new attempt with a card of its own; `words` tell the simulator what to do. */
  attempt(words: string, amount: Money = TWELVE_FIFTY, more: Partial<Attempt> = {}): Attempt {
    const id = this.ids();
    this.cards += 1;
    const { reference = referenceOf(id, this.sheet) } = more;
    const paymentMethod = this.harness.card(`${words}_${this.cards}`);
    const at = this.clock.now();
    const body = this.sheet.chargeBody({ reference, amount, paymentMethod, at });
    const times = {
      startedAt: at,
      firstSentAt: at,
      lastSentAt: at,
      nextActionAt: addMs(at, 60_000),
    };
    const names = { id, provider: this.harness.adapter.name, reference, idempotencyKey: id };
    return { ...anAttempt, ...times, ...names, amount, body, ...more };
  }

  refundOf(paymentReference: string, amount: Money = TWELVE_FIFTY): Refund {
    const id = this.ids();
    const reference = referenceOf(id, this.sheet);
    const reason: RefundReason = 'duplicate';
    const body = this.sheet.refundBody({ reference, amount, reason, paymentReference });
    const request = { reference, key: id, body };
    return { ...aRefund, id, provider: this.harness.adapter.name, amount, reason, request };
  }

  async charge(attempt: Attempt): Promise<ChargeEvidence> {
    await this.turn();
    return this.provider.charge(attempt);
  }

  async enquire(attempt: Attempt): Promise<ChargeEvidence> {
    await this.turn();
    return this.provider.enquire(attempt);
  }

  async refund(refund: Refund, paymentReference: string): Promise<RefundEvidence> {
    await this.turn();
    return this.provider.refund(refund, paymentReference);
  }

  async enquireRefund(refund: Refund, paymentReference: string): Promise<RefundEvidence> {
    await this.turn();
    return this.provider.enquireRefund(refund, paymentReference);
  }

  /** A charge that succeeded, by the provider's own name. Throws where it did not: then nothing follows. */
  async charged(words = 'ok', amount: Money = TWELVE_FIFTY) {
    const attempt = this.attempt(words, amount);
    const evidence = await this.charge(attempt);
    if (evidence.outcome !== 'succeeded') throw new Error(`a charge was ${evidence.outcome}`);
    return { attempt, paymentReference: evidence.providerReference };
  }

  /** The money that a charge or refund of ours has moved. */
  moved({ reference }: { readonly reference: string }): readonly Moved[] {
    return this.simulator
      .ledger()
      .charges.filter(({ merchantReference }) => merchantReference === reference);
  }

  movedBack({ request }: Refund): readonly Moved[] {
    return this.simulator
      .ledger()
      .refunds.filter(({ merchantReference }) => merchantReference === request?.reference);
  }

  /** What can only be done at the provider itself. */
  async steer(path: string, body: object): Promise<void> {
    const response = await fetch(`${this.simulatorUrl}/_sim/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`/_sim/${path} answered ${response.status}`);
    await response.arrayBuffer();
  }

  msSince(instant: Instant): number {
    return msOf(this.clock.now()) - msOf(instant);
  }
}

function watched(http: HttpClient, answers: number[]): HttpClient {
  const send: HttpClient['send'] = async (request): Promise<HttpResponse> => {
    const index = answers.push(0) - 1;
    const response = await http.send(request);
    answers[index] = response.status;
    return response;
  };
  return { send };
}
