import { addMs, type Instant, msOf, parseInstant } from '@perennial/calendar';
import { type Borealis, type BorealisOptions, createBorealis } from '../src';
import { BankReceiver, proofBy } from './bank-receiver';

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly json: Record<string, unknown>;
}

type Json = Record<string, unknown>;

export const PARTNER = 'PERENNIAL';
export const API_SECRET = 'the secret by which we are known to the bank';
export const WEBHOOK_SECRET = 'the secret by which the bank is known to us';
export const ORDER = { extRef: 'ref1', sum: '12.50', ccy: 'GBP', whenTs: 1_767_592_800 };

/** Borealis on a port of its own, on a clock that stands still, spoken to over HTTP. */
export class RunningBorealis {
  private token = '';
  private nonces = 0;
  private references = 1;

  private constructor(
    readonly borealis: Borealis,
    readonly receiver: BankReceiver,
    private readonly clock: { at: Instant },
    private readonly url: string,
  ) {}

  /** Logged in; unless something else is said, any number of calls a second may follow. */
  static async start(
    options: Partial<BorealisOptions> = { callsPerSecond: null },
  ): Promise<RunningBorealis> {
    const receiver = new BankReceiver();
    const webhook = { url: await receiver.listen(), secret: WEBHOOK_SECRET };
    const clock = { at: parseInstant('2026-01-05T06:00:00Z'), now: () => clock.at };
    const keys = { partnerCode: PARTNER, apiSecret: API_SECRET };
    const borealis = createBorealis({ clock, ...keys, webhook, ...options });
    const running = new RunningBorealis(borealis, receiver, clock, await borealis.listen(0));
    await running.logIn();
    return running;
  }

  async stop(): Promise<void> {
    await this.borealis.stop();
    await this.receiver.close();
  }

  /** Time goes on, and what falls due at its end is done. */
  async pass(ms: number): Promise<void> {
    this.clock.at = addMs(this.clock.at, ms);
    await this.borealis.timer.run();
  }

  get now(): Instant {
    return this.clock.at;
  }

  get nowTs(): number {
    return Math.floor(msOf(this.now) / 1000);
  }

  send(path: string, body: object | string, token = this.token): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-session-token': token },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    });
  }

  /** An answer that is no JSON, such as a page, is `{}`. */
  async ask(path: string, body: object | string, token?: string): Promise<Answer> {
    const response = await this.send(path, body, token);
    const type = response.headers.get('content-type');
    const text = await response.text();
    const json = type?.startsWith('application/json') ? JSON.parse(text) : {};
    return { status: response.status, type, json };
  }

  async look(path: string): Promise<Json> {
    const response = await fetch(this.url + path);
    return (await response.json()) as Json;
  }

  async logIn(more: Json = {}): Promise<Answer> {
    const answer = await this.ask('/api/session', this.proven(more));
    const { sessionToken } = answer.json;
    if (typeof sessionToken === 'string') this.token = sessionToken;
    return answer;
  }

  /** A log-in that is good but for what is said; the proof is over what is said, unless it is said. */
  proven(more: Json = {}): Json {
    this.nonces += 1;
    const nonce = `nonce${String(this.nonces).padStart(11, '0')}`;
    const facts = { partnerCode: PARTNER, nonce, ts: this.nowTs, ...more };
    const proof = proofBy(API_SECRET, facts.partnerCode, facts.nonce, facts.ts);
    return { ...facts, proof, ...more };
  }

  charge(cardToken: string, more: Json = {}): Promise<Answer> {
    return this.ask('/api/charge', { ...ORDER, cardToken, ...more });
  }

  reverse(origTxnNo: unknown, more: Json = {}): Promise<Answer> {
    this.references += 1;
    const body = { extRef: `back${this.references}`, origTxnNo, sum: '12.50', rsnCode: 'DUPL' };
    return this.ask('/api/reverse', { ...body, ...more });
  }

  async enquire(body: Json = { extRef: 'ref1' }): Promise<Json> {
    return (await this.ask('/api/enquire', body)).json;
  }
}
