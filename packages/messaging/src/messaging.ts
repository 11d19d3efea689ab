import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Timer } from '@perennial/calendar';
import { type Announcement, type Ids, messages, type ServiceName } from '@perennial/contracts';
import type { Database, Tx } from '@perennial/database';
import type { Logger } from '@perennial/logger';
import type { Registry } from 'prom-client';
import { Background } from './background';
import { Consumer } from './consumer';
import { writeOutbox } from './dispatch';
import { FailedMessages } from './failed-messages';
import type { MessageHandler } from './handler';
import { housekeeping } from './housekeeping';
import { createMetrics } from './metrics';
import type { Handlers } from './read-message';
import { type OnPublished, Relay } from './relay';
import type { Transport } from './transport';

export interface MessagingOptions {
  readonly service: ServiceName;
  readonly db: Database;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** None, or one for each message that the contracts send to this service. */
  readonly handlers: readonly MessageHandler[];
  readonly metrics?: Registry | undefined;
  /** Told in the transaction that takes published messages off the outbox. */
  readonly onPublished?: OnPublished | undefined;
  /** How long a relay that has died keeps others waiting; default 15 s. */
  readonly leaseMs?: number | undefined;
  /** How many messages share a transaction; default 100. */
  readonly batchSize?: number | undefined;
}

/** A service's part in the conversation between services. */
export interface Messaging {
  /** While `flushedByOthers`, nothing is published but by `flush`: somebody else decides the order. */
  start(options?: { readonly flushedByOthers?: () => boolean }): Promise<void>;
  /** Takes nothing new, finishes what it has begun, and lets another replica send the rest. */
  stop(): Promise<void>;
  /**
   * Writes to the outbox in the transaction of what the announcements tell. Throws when one is not
   * exactly what its contract says.
   */
  write(announcements: readonly Announcement[], tx: Tx): Promise<void>;
  /**
   * Publishes what is in the outbox and waits until it is confirmed; on the local transport, until it
   * is handled. What cannot be sent now stays. Answers how many messages were published meanwhile.
   */
  flush(): Promise<number>;
  /** Goes once through the outbox; false: another replica is sending, and this one did nothing. */
  relay(): Promise<boolean>;
  /** Retries of failed messages, and housekeeping. */
  readonly timers: readonly Timer[];
  readonly failed: FailedMessages;
  ready(): boolean;
}

const LEASE_MS = 15_000;
const BATCH_SIZE = 100;
const PEER_MS = 20;

export function createMessaging(options: MessagingOptions): Messaging {
  const { service, db, transport, clock, ids, logger, leaseMs = LEASE_MS } = options;
  const metrics = createMetrics(db, options.metrics);
  const handlers = handlersByType(service, options.handlers);
  const shared = { service, db, transport, clock, ids, logger, metrics, handlers };
  const consumer = new Consumer(shared);
  const failed = new FailedMessages(shared);
  const onPublished = options.onPublished ?? (async () => {});
  const relay = new Relay({ ...shared, onPublished, holder: ids(), leaseMs });
  const background = new Background(relay, db, logger);
  const subscription = {
    service,
    messages: options.handlers.map(({ definition }) => definition),
    batchSize: options.batchSize ?? BATCH_SIZE,
    take: (bodies: readonly Buffer[]) => consumer.take(bodies),
  };
  let leave: (() => Promise<void>) | undefined;
  return {
    async start({ flushedByOthers = () => false } = {}) {
      if (handlers.size > 0) leave = await transport.subscribe(subscription);
      background.start(flushedByOthers);
    },
    async stop() {
      consumer.stop();
      await leave?.();
      background.stop();
      await relay.stop();
    },
    write: (announcements, tx) => writeOutbox(announcements, shared, tx),
    flush: () => flush(relay, leaseMs),
    relay: () => relay.round(),
    timers: [failed.timer, housekeeping(db, clock)],
    failed,
    ready: () => transport.ready(),
  };
}

/** Another replica that is leading sends it, or has died: then its lease runs out. */
async function flush(relay: Relay, leaseMs: number): Promise<number> {
  const before = relay.published;
  for (let waitedMs = 0; !(await relay.round()) && waitedMs <= leaseMs; waitedMs += PEER_MS) {
    await sleep(PEER_MS);
  }
  return relay.published - before;
}

/** A message without a handler would be lost here, and one that is not sent here never comes. */
function handlersByType(service: ServiceName, handlers: readonly MessageHandler[]): Handlers {
  const byType = new Map(handlers.map((handler) => [handler.definition.type, handler]));
  const sent = messages.filter(({ listeners }) => listeners.includes(service));
  const missing = sent.filter(({ type }) => !byType.has(type)).map(({ type }) => type);
  const strange = [...byType.keys()].filter((type) => !sent.some((one) => one.type === type));
  const wrong = [...missing, ...strange];
  if (handlers.length === 0 || wrong.length === 0) return byType;
  throw new Error(`${service} must handle exactly what it listens to; look at ${wrong.join(', ')}`);
}
