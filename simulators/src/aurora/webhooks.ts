import { createHmac } from 'node:crypto';
import { addMs, type Clock, earliest, type Instant, msOf } from '@perennial/calendar';
import { type Post, type Poster, poster } from '../post';

export interface WebhookTarget {
  readonly url: string;
  /** `whsec_<base64>`. */
  readonly secret: string;
}

export interface AuroraEvent {
  readonly id: string;
  readonly type: string;
  readonly createdAt: Instant;
  readonly livemode: boolean;
  readonly data: object;
}

interface Delivery {
  readonly event: AuroraEvent;
  readonly body: string;
  attempt: number;
  dueAt: Instant;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const RETRIES_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];
const AT_ONCE = 16;

/** Delivers events at least once, in no promised order, by the clock it is given. */
export class Webhooks {
  readonly events: AuroraEvent[] = [];
  private waiting: Delivery[] = [];
  private readonly poster: Poster;
  private readonly key: Buffer;

  constructor(
    private readonly target: WebhookTarget,
    private readonly clock: Clock,
    post?: Post,
  ) {
    this.poster = post ? { post, close: () => {} } : poster(AT_ONCE);
    this.key = Buffer.from(target.secret.replace(/^whsec_/, ''), 'base64');
  }

  async nextAt(): Promise<Instant | null> {
    return this.waiting.reduce<Instant | null>((first, { dueAt }) => earliest(first, dueAt), null);
  }

  /** `times` at once; 0 keeps the event for backfill only. */
  send(event: AuroraEvent, times: number, dueAt = this.clock.now()): void {
    this.events.push(event);
    const body = JSON.stringify(event);
    for (let copy = 0; copy < times; copy += 1) {
      this.waiting.push({ event, body, attempt: 0, dueAt });
    }
  }

  /** Everything that is due, now: for `webhook_first`, before the answer is sent. */
  async deliverDue(): Promise<void> {
    const now = this.clock.now();
    const due = this.waiting.filter(({ dueAt }) => dueAt <= now);
    this.waiting = this.waiting.filter(({ dueAt }) => dueAt > now);
    const queue = [...due].reverse();
    const worker = async () => {
      for (let next = queue.pop(); next; next = queue.pop()) await this.deliver(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  clear(): void {
    this.events.length = 0;
    this.waiting = [];
  }

  close(): void {
    this.poster.close();
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const { status } = await this.attempt(delivery).catch(() => ({ status: 0 }));
    if (status >= 200 && status < 300) return;
    const wait = RETRIES_MS[delivery.attempt];
    if (wait === undefined) return;
    delivery.attempt += 1;
    delivery.dueAt = addMs(this.clock.now(), wait);
    this.waiting.push(delivery);
  }

  /** A fresh timestamp each time, the same id. */
  private attempt({ event, body }: Delivery) {
    const timestamp = String(Math.floor(msOf(this.clock.now()) / 1000));
    const signature = createHmac('sha256', this.key)
      .update(`${event.id}.${timestamp}.${body}`)
      .digest('base64');
    const headers = {
      'webhook-id': event.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    return this.poster.post(this.target.url, headers, body);
  }
}
