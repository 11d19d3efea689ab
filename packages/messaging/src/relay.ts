import type { Clock, Instant } from '@perennial/calendar';
import { Envelope, messageOfType, type ServiceName } from '@perennial/contracts';
import type { Database, Tx } from '@perennial/database';
import type { Logger } from '@perennial/logger';
import type { Metrics } from './metrics';
import { recordRefusals } from './refusals';
import { holdLease, releaseLease, renewLease } from './store-lease';
import { deleteFromOutbox, readOutbox, type Waiting } from './store-outbox';
import type { Outcome, Outgoing, Transport } from './transport';
import { waves } from './waves';

/** In the transaction that takes published messages off the outbox. */
export type OnPublished = (messageIds: readonly string[], at: Instant, tx: Tx) => Promise<void>;

export interface RelayOptions {
  readonly service: ServiceName;
  readonly db: Database;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly onPublished: OnPublished;
  /** Of this relay among all those of the service. */
  readonly holder: string;
  readonly leaseMs: number;
}

interface Batch {
  readonly rows: readonly Waiting[];
  readonly epoch: number;
}

export interface Tried {
  readonly row: Waiting;
  readonly outcome: Outcome;
}

const BATCH = 500;

/**
 * Sends what is in the outbox and deletes it once it is confirmed. A crash anywhere means a message
 * twice, never one lost. One relay of a service does so at a time: the one that holds the lease.
 */
export class Relay {
  #published = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: RelayOptions) {}

  /** How many messages it has sent since it was made. */
  get published(): number {
    return this.#published;
  }

  /** Goes once through the outbox, after a round that is under way; false when another relay is leading. */
  round(): Promise<boolean> {
    const result = this.#turn.then(() => this.#round());
    this.#turn = result.catch(() => {});
    return result;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#turn;
    const { db, holder, logger } = this.options;
    await db
      .transaction((tx) => releaseLease(holder, tx))
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'the lease was not given up: it has to run out');
      });
  }

  async #round(): Promise<boolean> {
    const { db, transport } = this.options;
    const stuck = new Set<string>();
    for (let after = 0; !this.#stopped && transport.ready(); ) {
      const batch = await db.transaction((tx) => this.#read(after, tx));
      if (batch === null) return false;
      const got = await this.#send(batch, stuck);
      if (got === 'overtaken') return false;
      // Where nothing of a whole batch gets through, the rest would hardly fare better.
      if (batch.rows.length < BATCH || got === 'nowhere') break;
      after = batch.rows.at(-1)?.position ?? after;
    }
    return true;
  }

  /** Writes nothing when nothing waits: a commit is what wakes the relay. */
  async #read(after: number, tx: Tx): Promise<Batch | null> {
    const rows = await readOutbox(after, BATCH, tx);
    if (rows.length === 0) return { rows, epoch: 0 };
    const hold = await holdLease(this.options, tx);
    if (hold === null) return null;
    const current = hold.taken ? await readOutbox(after, BATCH, tx) : rows;
    return { rows: current, epoch: hold.epoch };
  }

  async #send({ rows, epoch }: Batch, stuck: Set<string>) {
    const tried = await this.#publish(rows, stuck);
    const sent = tried.filter(({ outcome }) => outcome === 'sent').map(({ row }) => row.messageId);
    const refused = tried.filter(({ outcome }) => outcome !== 'sent' && outcome !== 'later');
    if (sent.length + refused.length === 0) return 'nowhere';
    const { db, metrics } = this.options;
    const led = await db.transaction((tx) => this.#mark(sent, refused, epoch, tx));
    if (!led) return 'overtaken';
    this.#published += sent.length;
    metrics.published(sent.length);
    return 'further';
  }

  /** False, and nothing is marked, when another relay has taken over: it sends the same again. */
  async #mark(sent: readonly string[], refused: readonly Tried[], epoch: number, tx: Tx) {
    const { clock, onPublished } = this.options;
    if (!(await renewLease(this.options, epoch, tx))) return false;
    await deleteFromOutbox(sent, tx);
    if (sent.length > 0) await onPublished(sent, clock.now(), tx);
    await recordRefusals(refused, this.options, tx);
    return true;
  }

  /** A message that does not get through holds back the later ones of its subject, and no others. */
  async #publish(rows: readonly Waiting[], stuck: Set<string>): Promise<Tried[]> {
    const { transport, service } = this.options;
    const tried: Tried[] = [];
    for (const wave of waves(rows)) {
      const free = wave.filter(({ subject }) => !stuck.has(subject));
      if (free.length === 0) continue;
      const outcomes = await transport.publish(service, free.map(outgoing));
      free.forEach((row, index) => {
        const outcome = outcomes[index] ?? 'later';
        tried.push({ row, outcome });
        if (outcome !== 'sent') stuck.add(row.subject);
      });
    }
    return tried;
  }
}

function outgoing({ messageId, type, body }: Waiting): Outgoing {
  const { time, correlationid } = Envelope.parse(JSON.parse(body));
  const listeners = messageOfType(type)?.listeners ?? [];
  return { id: messageId, type, time, correlationId: correlationid, body, listeners };
}
