import { addMs, type Instant, parseInstant } from '@perennial/calendar';
import { type Aurora, createAurora } from '../src';
import { Receiver } from './receiver';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
}

interface Asking {
  readonly body?: object | string;
  readonly key?: string;
  readonly apiKey?: string;
}

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const API_KEY = 'sk_test';

/** Aurora on a port of its own, on a clock that stands still, spoken to over HTTP. */
export class RunningAurora {
  private now: Instant = parseInstant('2026-01-05T06:00:00Z');
  private keys = 0;

  private constructor(
    readonly aurora: Aurora,
    readonly receiver: Receiver,
    private url = '',
  ) {}

  static async start(): Promise<RunningAurora> {
    const receiver = new Receiver();
    const webhook = { url: await receiver.listen(), secret: SECRET };
    const clock = { now: () => running.now };
    const aurora = createAurora({ clock, apiKey: API_KEY, webhook });
    const running: RunningAurora = new RunningAurora(aurora, receiver);
    running.url = await aurora.listen(0);
    return running;
  }

  async stop(): Promise<void> {
    await this.aurora.stop();
    await this.receiver.close();
  }

  /** Time goes on, and what falls due at its end is done. */
  async pass(ms: number): Promise<void> {
    this.now = addMs(this.now, ms);
    await this.aurora.timer.run();
  }

  send(method: string, path: string, { body, key, apiKey = API_KEY }: Asking = {}) {
    return fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    });
  }

  async ask(method: string, path: string, asking: Asking = {}): Promise<Answer> {
    const response = await this.send(method, path, asking);
    const text = await response.text();
    const json = text === '' ? {} : JSON.parse(text);
    return { status: response.status, headers: response.headers, json };
  }

  charge(paymentMethod: string, more: object = {}, key = this.newKey()): Promise<Answer> {
    return this.ask('POST', '/v1/payments', { key, body: { ...ORDER, paymentMethod, ...more } });
  }

  refund(paymentId: unknown, more: object = {}, key = this.newKey()): Promise<Answer> {
    const body = { merchantReference: `refund_${key}`, reason: 'duplicate', ...more };
    return this.ask('POST', `/v1/payments/${paymentId}/refunds`, { key, body });
  }

  newKey(): string {
    this.keys += 1;
    return `key_${this.keys}`;
  }
}

export const ORDER = { merchantReference: 'ref1', amount: 1250, currency: 'GBP' };
