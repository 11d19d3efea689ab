import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '@perennial/logger';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Subscription } from '../transport';
import { Link } from './link';
import { declareQueue } from './topology';

/** What one channel has delivered and nobody has taken yet; it ends with the channel. */
interface Session {
  readonly channel: Channel;
  readonly waiting: ConsumeMessage[];
}

/** Takes a service's messages off its queue, one batch after the other. */
export class Intake {
  readonly #link: Link<Channel>;
  #session: Session | null = null;
  #working: Promise<void> | null = null;
  #stopped = false;

  constructor(
    private readonly subscription: Subscription,
    private readonly options: { readonly url: string; readonly logger: Logger },
  ) {
    this.#link = new Link({
      ...options,
      name: subscription.service,
      open: (connection) => connection.createChannel(),
      setUp: (channel) => this.#begin(channel),
    });
  }

  get isReady(): boolean {
    return this.#link.channel !== null;
  }

  start(): Promise<void> {
    return this.#link.start();
  }

  /** Finishes the batch in hand; the rest goes back to the queue with the channel. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#link.channel?.cancel(this.subscription.service).catch(() => {});
    await this.#working;
    await this.#link.stop();
  }

  async #begin(channel: Channel): Promise<void> {
    const { service, messages, batchSize } = this.subscription;
    await declareQueue(channel, service, messages);
    // The broker fills up the next batch while one is handled, and no more: the rest waits there.
    await channel.prefetch(2 * batchSize);
    const session: Session = { channel, waiting: [] };
    this.#session = session;
    const take = (message: ConsumeMessage | null) => {
      // The queue was deleted under us: a new channel declares it again.
      if (message === null) return this.#link.drop();
      session.waiting.push(message);
      this.#working ??= this.#work();
    };
    await channel.consume(service, take, { consumerTag: service });
  }

  async #work(): Promise<void> {
    // What has come in one packet makes one batch.
    await nextTurn();
    while (await this.#takeBatch());
    this.#working = null;
  }

  /** False when nothing is waiting, or nothing is to be taken any more. */
  async #takeBatch(): Promise<boolean> {
    const { take, batchSize } = this.subscription;
    const batch = this.#stopped ? [] : (this.#session?.waiting.splice(0, batchSize) ?? []);
    const { channel } = this.#session ?? {};
    const last = batch.at(-1);
    if (!channel || !last) return false;
    try {
      await take(batch.map(({ content }) => content));
      channel.ack(last, true);
      return true;
    } catch (error) {
      // Stopped, or the channel is gone: either way they are delivered again, and recognised.
      this.options.logger.debug({ err: error }, 'a batch was not acknowledged');
      return !this.#stopped;
    }
  }
}
