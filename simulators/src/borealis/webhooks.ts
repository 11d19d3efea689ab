import { addMs, type Clock, earliest, type Instant, msOf } from '@perennial/calendar';
import { z } from 'zod';
import { type Post, type Poster, poster } from '../post';
import { json } from '../requests';
import { epochSeconds } from './bodies';
import { WebhookSession, type WebhookTarget } from './webhook-session';

interface Item {
  readonly evNo: number;
  readonly facts: object;
  /** Of those that are sent more than once, which one. */
  readonly copy: number;
  readonly at: Instant;
}

interface Batch {
  readonly batchNo: number;
  readonly items: readonly Item[];
  readonly until: Instant;
  sendings: number;
  dueAt: Instant;
}

const MINUTE_MS = 60_000;
const GIVE_UP_MS = 48 * 60 * MINUTE_MS;
const MOST_ITEMS = 100;
const AT_ONCE = 4;

const Acknowledged = z.object({
  rc: z.literal('00'),
  batchNo: z.union([z.int(), z.string()]).transform(String),
});

/** Delivers events in batches, at least once, each batch again every minute until it is acknowledged. */
export class Webhooks {
  private fresh: Item[] = [];
  private waiting: Batch[] = [];
  private readonly poster: Poster;
  private readonly session: WebhookSession;
  /** Numbers are not given twice, by a later process neither. */
  private lastEvNo: number;
  private lastBatchNo: number;

  constructor(
    private readonly target: WebhookTarget & { readonly partnerCode: string },
    private readonly clock: Clock,
    post?: Post,
  ) {
    this.poster = post ? { post, close: () => {} } : poster(AT_ONCE);
    this.session = new WebhookSession(target, this.poster.post, clock);
    this.lastEvNo = msOf(clock.now());
    this.lastBatchNo = this.lastEvNo;
  }

  async nextAt(): Promise<Instant | null> {
    const due = this.waiting.map(({ dueAt }) => dueAt);
    return earliest(this.fresh[0]?.at ?? null, ...due);
  }

  /** Gives the number of the event, the same for all copies. */
  send(facts: object, times: number): string {
    this.lastEvNo += 1;
    for (let copy = 0; copy < times; copy += 1) {
      this.fresh.push({ evNo: this.lastEvNo, facts, copy, at: this.clock.now() });
    }
    return String(this.lastEvNo);
  }

  /** Everything that is due, now: for `webhook_first`, before the answer is sent. */
  async deliverDue(): Promise<void> {
    const now = this.clock.now();
    const again = this.waiting.filter(({ dueAt }) => dueAt <= now);
    this.waiting = this.waiting.filter(({ dueAt }) => dueAt > now);
    const queue = [...again, ...this.newBatches(this.fresh.splice(0))].reverse();
    const worker = async () => {
      for (let next = queue.pop(); next; next = queue.pop()) await this.deliver(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  clear(): void {
    this.fresh = [];
    this.waiting = [];
    this.session.clear();
  }

  close(): void {
    this.poster.close();
  }

  /** Third copies go in batches of their own, so that repetitions come within a batch and beside it. */
  private newBatches(items: readonly Item[]): Batch[] {
    const now = this.clock.now();
    const parts = [items.filter(({ copy }) => copy < 2), items.filter(({ copy }) => copy >= 2)];
    return parts.flatMap((part) =>
      Array.from({ length: Math.ceil(part.length / MOST_ITEMS) }, (_, index) => {
        this.lastBatchNo += 1;
        const own = part.slice(index * MOST_ITEMS, (index + 1) * MOST_ITEMS);
        const until = addMs(now, GIVE_UP_MS);
        return { batchNo: this.lastBatchNo, items: own, until, sendings: 0, dueAt: now };
      }),
    );
  }

  private async deliver(batch: Batch): Promise<void> {
    const dueAt = addMs(this.clock.now(), MINUTE_MS);
    if (await this.isTaken(batch).catch(() => false)) return;
    batch.sendings += 1;
    if (dueAt > batch.until) return;
    batch.dueAt = dueAt;
    this.waiting.push(batch);
  }

  /** A session that is refused is opened anew, once. */
  private async isTaken(batch: Batch): Promise<boolean> {
    const body = this.written(batch);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const token = await this.session.token();
      if (token === null) return false;
      const headers = { 'x-session-token': token };
      const { status, text } = await this.poster.post(this.target.url, headers, body);
      if (status !== 401) return status === 200 && isAcknowledged(batch, text);
      this.session.end(token);
    }
    return false;
  }

  private written({ batchNo, items, sendings }: Batch): string {
    return JSON.stringify({
      batchNo: digits(batchNo, sendings),
      sentTs: epochSeconds(this.clock.now()),
      count: items.length,
      items: items.map(({ evNo, facts, copy }) => ({
        evNo: digits(evNo, sendings + copy),
        ...facts,
      })),
    });
  }
}

/** A number comes as one or as its digits, and otherwise the next time. */
function digits(number: number, turn: number): number | string {
  return (number + turn) % 2 === 0 ? number : String(number);
}

function isAcknowledged({ batchNo }: Batch, text: string): boolean {
  const { data, success } = Acknowledged.safeParse(json(text));
  return success && data.batchNo === String(batchNo);
}
