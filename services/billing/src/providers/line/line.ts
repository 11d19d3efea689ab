import type { Clock } from '@perennial/calendar';
import { type HttpClient, HttpFailure, type HttpFailureCode, pause } from '@perennial/service';
import { type BulkheadPolicy, BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { ProviderSheet } from '../../domain/moment';
import type { Pace } from '../provider';
import { Breaker } from './breaker';
import { Pacing } from './pacing';
import {
  isTrouble,
  meaningOf,
  type Result,
  type Trouble,
  trouble,
  type Unanswered,
  type Unsettled,
  unanswered,
  unsettled,
} from './results';
import { RetryBudget } from './retry-budget';

/** Charges can be stopped while enquiries still go out: each kind has a breaker of its own. */
export type CallKind = 'charge' | 'refund' | 'enquire' | 'list' | 'session';

/** Those that may be repeated word for word: they change nothing at the provider, and ask by no word that counts once. */
const READS: Record<CallKind, boolean> = {
  charge: false,
  refund: false,
  enquire: true,
  list: true,
  session: false,
};

export interface Call<Said extends object> {
  readonly kind: CallKind;
  readonly method: 'GET' | 'POST';
  /** Below the provider's address, `/v1/payments`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What the answer says in our words, or what is wrong with it. Pure. */
  read(answer: Answer): Said | Trouble;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: not JSON. */
  readonly json: unknown;
}

export interface Limits {
  readonly connectTimeoutMs: number;
  /** For one exchange, connecting included. */
  readonly timeoutMs: number;
  /** Calls under way at once. */
  readonly concurrency: number;
}

export interface LineOptions {
  readonly url: string;
  readonly sheet: Pick<ProviderSheet, 'callsPerSecond'>;
  readonly limits: Limits;
  /** How many calls may come on top of those that were decided, such as a log-in; default: none. */
  readonly spareCalls?: number;
}

/** For a call with its repetitions: less than a lease less its margin, see engine/ask.ts. */
const WHOLE_MS = 25_000;
const MOST_REPETITIONS = 2;
const REPEAT_AFTER_MS = 100;

/** By when a call that begins now must have its answer, in the time of `performance.now()`. */
export function endOfCall(): number {
  return performance.now() + WHOLE_MS;
}

/**
 * How a provider is called, in good manners: limits of time, number and rate, a breaker for each kind of
 * call, and repetitions only of what is safe to repeat. It never throws for what the network does.
 */
export class Line {
  private readonly pacing: Pacing;
  private readonly slots: BulkheadPolicy;
  private readonly breakers: Readonly<Record<CallKind, Breaker>>;
  private readonly budget = new RetryBudget();

  constructor(
    private readonly http: HttpClient,
    private readonly clock: Clock,
    private readonly options: LineOptions,
  ) {
    const { sheet, limits, spareCalls } = options;
    this.pacing = new Pacing(sheet.callsPerSecond, clock, spareCalls);
    this.slots = bulkhead(limits.concurrency, limits.concurrency * 4);
    this.breakers = {
      charge: new Breaker(clock),
      refund: new Breaker(clock),
      enquire: new Breaker(clock),
      list: new Breaker(clock),
      session: new Breaker(clock),
    };
  }

  get pace(): Pace {
    return this.pacing;
  }

  /** Sends a charge or refund; trouble becomes the evidence that it is. */
  async send<Said extends object>(call: Call<Said>): Promise<Said | Unsettled> {
    const said = await this.ask(call);
    return isTrouble(said) ? unsettled(said) : said;
  }

  /** Asks what became of one; trouble with asking says nothing about it. */
  async enquire<Said extends object>(call: Call<Said>): Promise<Said | Unanswered> {
    const said = await this.ask(call);
    return isTrouble(said) ? unanswered(said) : said;
  }

  /** `endMs`: where it is a part of something longer. */
  async ask<Said extends object>(
    call: Call<Said>,
    endMs: number = endOfCall(),
  ): Promise<Said | Trouble> {
    try {
      return await this.slots.execute(() => this.askPatiently(call, endMs));
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error;
      return trouble('held back', 'too many calls are under way');
    }
  }

  private async askPatiently<Said extends object>(
    call: Call<Said>,
    endMs: number,
  ): Promise<Said | Trouble> {
    this.budget.called();
    for (let repetitions = 0; ; repetitions += 1) {
      // The first has been taken by whoever decided to call.
      if (repetitions > 0 || call.kind === 'session') this.pacing.take(1);
      const said = await this.askOnce(call, endMs - performance.now());
      if (!isTrouble(said)) return said;
      const { repeat } = meaningOf(said);
      const safe = repeat === 'anything' || (repeat === 'reading' && READS[call.kind]);
      const waitMs = REPEAT_AFTER_MS * 2 ** repetitions * (0.5 + Math.random());
      const inTime = performance.now() + waitMs < endMs;
      if (!safe || !inTime || repetitions >= MOST_REPETITIONS || !this.budget.spend()) return said;
      await pause(waitMs, this.clock);
    }
  }

  private async askOnce<Said extends object>(
    call: Call<Said>,
    leftMs: number,
  ): Promise<Said | Trouble> {
    if (leftMs <= 0) return trouble('held back', 'it waited too long for a place');
    const waitMs = this.pacing.waitMs();
    if (waitMs !== null) return trouble('held back', 'the provider asked us to wait', waitMs);
    const breaker = this.breakers[call.kind];
    if (!breaker.admits()) return trouble('circuit open');
    const said = await this.exchange(call, leftMs);
    breaker.record(isTrouble(said) && meaningOf(said).trouble);
    if (isTrouble(said) && said.trouble === 'too fast') this.pacing.waitFor(said.waitMs ?? 0);
    return said;
  }

  private async exchange<Said extends object>(
    { method, path, headers = {}, body, read }: Call<Said>,
    leftMs: number,
  ): Promise<Said | Trouble> {
    const { url, limits } = this.options;
    try {
      const {
        status,
        headers: given,
        body: text,
      } = await this.http.send({
        method,
        url: url.replace(/\/$/, '') + path,
        headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
        ...(body !== undefined && { body }),
        connectTimeoutMs: limits.connectTimeoutMs,
        timeoutMs: Math.min(limits.timeoutMs, leftMs),
      });
      return read({ status, headers: given, json: parsed(text) });
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      return trouble(resultOf(error));
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NOTHING_LEFT: Readonly<Record<HttpFailureCode, Result>> = {
  refused: 'connection refused',
  unreachable: 'unreachable',
  timeout: 'connecting timed out',
  reset: 'unreachable',
  'too-large': 'answer too large',
  unreadable: 'unreadable answer',
};

const MAY_HAVE_ARRIVED: Readonly<Record<HttpFailureCode, Result>> = {
  ...NOTHING_LEFT,
  timeout: 'timed out',
  reset: 'connection lost',
  refused: 'connection lost',
  unreachable: 'connection lost',
};

function resultOf({ code, sent }: HttpFailure): Result {
  return (sent ? MAY_HAVE_ARRIVED : NOTHING_LEFT)[code];
}

const MAX_WAIT_MS = 3_600_000;

/** A wish to wait longer than an hour is not followed. */
export function atMostAnHour(ms: number): number {
  return Math.min(ms, MAX_WAIT_MS);
}

/** What a status says by itself, for whatever a provider has no word of its own. `kept`: said again under its key. */
export function statusTrouble({ status, headers }: Answer, { kept = false } = {}): Trouble {
  const detail = `answered ${status}`;
  const waitMs = retryAfterMs(headers['retry-after']);
  if (status >= 300 && status < 400) return trouble('redirected', detail);
  if (status === 429) return trouble('too fast', detail, waitMs ?? 1_000);
  if (status >= 500 && kept) return trouble('kept server error', detail);
  if (status === 503) return trouble('unavailable', detail, waitMs);
  if (status >= 500) return trouble('server error', detail);
  if (status === 401) return trouble('bad credentials', detail);
  if (status >= 400) return trouble('rejected', detail);
  return trouble('unreadable answer', detail);
}

/** The form in seconds. */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return null;
  return atMostAnHour(Number(header) * 1000);
}
