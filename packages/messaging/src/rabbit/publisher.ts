import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@perennial/contracts';
import type { Logger } from '@perennial/logger';
import type { ConfirmChannel } from 'amqplib';
import type { Outcome, Outgoing } from '../transport';
import { Link } from './link';
import { declareExchange, exchangeOf } from './topology';

export interface PublisherOptions {
  readonly url: string;
  readonly logger: Logger;
  /** amqplib has no time-out of its own, and a blocked broker confirms nothing. */
  readonly confirmMs: number;
  readonly maxBytes: number;
}

/** What is known of one channel, and ends with it. */
interface Known {
  readonly channel: ConfirmChannel;
  readonly exchanges: Set<ServiceName>;
  /** Ids of messages that came back as unroutable: always before their confirm. */
  readonly returned: Set<string>;
}

/** Publishes on a connection of its own: one that is blocked for publishing must not stop consuming. */
export class Publisher {
  readonly #link: Link<ConfirmChannel>;
  #known: Known | null = null;
  /** Services whose queue exists. Queues are durable, so once is enough. */
  readonly #there = new Set<ServiceName>();

  constructor(private readonly options: PublisherOptions) {
    const { url, logger } = options;
    this.#link = new Link({
      ...{ url, logger, name: 'publisher' },
      open: (connection) => connection.createConfirmChannel(),
      setUp: async (channel) => this.#begin(channel),
    });
  }

  get isReady(): boolean {
    return this.#link.channel !== null;
  }

  start(): Promise<void> {
    return this.#link.start();
  }

  stop(): Promise<void> {
    return this.#link.stop();
  }

  /**
   * All at once, which the relay bounds; then waits for every confirm. What an error says of a single
   * message proves nothing when the channel is lost: it may have been stored.
   */
  async publish(owner: ServiceName, messages: readonly Outgoing[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = messages.map(() => 'later');
    const known = this.#known;
    if (!known || known.channel !== this.#link.channel) return outcomes;
    const work = this.#sendAll(owner, messages, known, outcomes);
    if (!(await this.#inTime(work))) this.#link.drop();
    return [...outcomes];
  }

  async #sendAll(
    owner: ServiceName,
    messages: readonly Outgoing[],
    known: Known,
    outcomes: Outcome[],
  ): Promise<void> {
    await this.#declare(owner, known);
    await this.#lookFor(messages.flatMap(({ listeners }) => listeners));
    const confirms = messages.map(async (message, index) => {
      if (!message.listeners.every((service) => this.#there.has(service))) return;
      outcomes[index] = await this.#send(exchangeOf(owner), message, known);
    });
    await Promise.all(confirms);
  }

  #begin(channel: ConfirmChannel): void {
    const known = { channel, exchanges: new Set<ServiceName>(), returned: new Set<string>() };
    channel.on('return', ({ properties }) => known.returned.add(String(properties.messageId)));
    this.#known = known;
  }

  async #declare(owner: ServiceName, { channel, exchanges }: Known): Promise<void> {
    if (exchanges.has(owner)) return;
    await declareExchange(channel, owner);
    exchanges.add(owner);
  }

  /** A topic exchange forgets what it cannot route, so a listener's queue has to be there before. */
  async #lookFor(listeners: readonly ServiceName[]): Promise<void> {
    const missing = [...new Set(listeners)].filter((service) => !this.#there.has(service));
    for (const service of missing) {
      if (await this.#queueExists(service)) this.#there.add(service);
    }
  }

  /** On a channel of its own, because the broker closes it when there is no such queue. */
  async #queueExists(queue: string): Promise<boolean> {
    const channel = await this.#link.connection?.createChannel();
    if (!channel) return false;
    channel.on('error', () => {});
    try {
      await channel.checkQueue(queue);
      await channel.close();
      return true;
    } catch {
      return false;
    }
  }

  #send(exchange: string, message: Outgoing, { channel, returned }: Known): Promise<Outcome> {
    const { id, type, time, correlationId, body, listeners } = message;
    const content = Buffer.from(body);
    if (content.length > this.options.maxBytes) return Promise.resolve('too-large');
    const properties = {
      ...{ messageId: id, type, correlationId, contentType: 'application/cloudevents+json' },
      timestamp: Math.floor(Date.parse(time) / 1000),
      persistent: true,
      mandatory: listeners.length > 0,
    };
    return new Promise((resolve) => {
      try {
        channel.publish(exchange, type, content, properties, (error) => {
          const cameBack = returned.delete(id);
          if (error) resolve('later');
          else resolve(cameBack ? 'unroutable' : 'sent');
        });
      } catch (error) {
        resolve(isClosed(error) ? 'later' : 'too-large');
      }
    });
  }

  /** False: the broker is silent. It may also have closed the channel: then nothing more will come. */
  async #inTime(work: Promise<void>): Promise<boolean> {
    const timer = new AbortController();
    const { signal } = timer;
    const late = sleep(this.options.confirmMs, false, { signal }).catch(() => false);
    const done = work.then(
      () => true,
      (error: unknown) => {
        this.options.logger.warn({ err: error }, 'cannot publish now');
        return true;
      },
    );
    const inTime = await Promise.race([done, late]);
    timer.abort();
    return inTime;
  }
}

/** Anything else that publishing throws is a property that does not fit into a frame. */
function isClosed(error: unknown): boolean {
  return error instanceof Error && error.name === 'IllegalOperationError';
}
