import { setTimeout as sleep } from 'node:timers/promises';
import { addMs, type Instant, msOf } from '@perennial/calendar';
import { createHttpClient, HttpFailure, type HttpResponse } from '@perennial/service';
import { giveBack, takenFrom } from '../back-office';
import type { Chance } from '../chance';
import type { Answer, ChargeThere, Door } from '../people/door';
import type { ProviderName, ServiceName } from '../record';
import { KEYS } from '../settings';
import type { Replica } from './replica';
import type { Site } from './site';
import type { Timekeeper } from './timekeeper';

/** Longer than anything is broken: who waits so long for an answer knows that nothing comes of it any more. */
const TIMEOUT_MS = 60_000;
/** What a process had sent to its database before it died is done by then, or never. */
const AFTERMATH_MS = 200;
/** So that it stays known about when they did what they did. */
const WITHIN_MS = 3_600_000;
/** People wait so long for another try; whoever waits longer waits for their next act. */
const LONGEST_RETRY_MS = 30 * 60_000;

/** The world of torture as people reach it: real HTTP to whichever replica luck has it. */
export class TortureDoor implements Door {
  private readonly http = createHttpClient();
  private count = 0;
  private underWay = 0;
  private closing = false;

  constructor(
    private readonly luck: Chance,
    private readonly site: Site,
    private readonly time: Timekeeper,
  ) {}

  /** Nobody is asking for anything, or about to ask again. */
  get idle(): boolean {
    return this.underWay === 0;
  }

  /** From now on nobody begins another act. */
  closeSoon(): void {
    this.closing = true;
  }

  close(): void {
    this.http.close();
  }

  now(): Instant {
    return this.site.clock.now();
  }

  async send(
    service: ServiceName,
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Answer | null> {
    const go = this.time.brake(WITHIN_MS);
    this.underWay += 1;
    this.count += 1;
    try {
      return await this.sendToAny(service, method, path, body, key);
    } finally {
      this.underWay -= 1;
      go();
    }
  }

  private async sendToAny(
    service: ServiceName,
    method: string,
    path: string,
    body: unknown,
    key: string | undefined,
  ): Promise<Answer | null> {
    const replicas = this.site.of(service);
    const first = this.luck.between(0, replicas.length - 1, 'replica', this.count);
    for (let turn = 0; turn < replicas.length; turn += 1) {
      const replica = replicas[(first + turn) % replicas.length];
      const answer = replica ? await this.exchange(replica, method, path, body, key) : 'refused';
      if (answer !== 'refused') return answer;
    }
    return null;
  }

  async pause(ms: number): Promise<void> {
    const until = this.time.until(msOf(addMs(this.now(), ms)));
    if (ms <= LONGEST_RETRY_MS) return this.waitToAskAgain(ms, until);
    await until;
    if (this.closing) await never();
  }

  /** Time does not run away from those who ask again: they would give up after a few tries. */
  private async waitToAskAgain(ms: number, until: Promise<void>): Promise<void> {
    const go = this.time.brake(ms);
    this.underWay += 1;
    await until;
    this.underWay -= 1;
    go();
  }

  async loseCard(
    provider: ProviderName,
    paymentMethod: string,
    cause: 'expired' | 'cancelled',
  ): Promise<void> {
    this.site.outside[provider].loseCard({ paymentMethod, cause });
  }

  async refundInDashboard(
    provider: ProviderName,
    chargeId: string,
    amount: number,
  ): Promise<boolean> {
    return giveBack(this.site.outside[provider], chargeId, amount);
  }

  async chargesOf(provider: ProviderName, method: string): Promise<readonly ChargeThere[]> {
    return takenFrom(this.site.outside[provider], method);
  }

  private async exchange(
    { url }: Replica,
    method: string,
    path: string,
    body: unknown,
    key: string | undefined,
  ): Promise<Answer | null | 'refused'> {
    const headers = {
      authorization: `Bearer ${KEYS.token}`,
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const request = { method, url: url + path, headers, ...content, timeoutMs: TIMEOUT_MS };
    try {
      return read(await this.http.send(request));
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      if (error.code === 'refused') return 'refused';
      await sleep(AFTERMATH_MS);
      return null;
    }
  }
}

function never(): Promise<void> {
  return new Promise(() => {});
}

function read({ status, body }: HttpResponse): Answer {
  return { status, body: body === '' ? null : (JSON.parse(body) as unknown) };
}
