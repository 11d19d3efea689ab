import { wait } from '@perennial/calendar';
import { type Database, isUnavailable } from '@perennial/database';
import type { Logger } from '@perennial/logger';
import { dispatch } from './dispatch';
import type { Sender } from './envelope';
import { failureText } from './failure-text';
import type { Metrics } from './metrics';
import {
  type Handlers,
  isReadable,
  isUnreadable,
  type Readable,
  readMessage,
  type Unreadable,
} from './read-message';
import { afterFailure, PARKED } from './retry-schedule';
import { insertFailed } from './store-failed';
import { TakenMeanwhile, takeNew } from './store-inbox';

export interface ConsumerOptions extends Sender {
  readonly db: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly handlers: Handlers;
}

const TRIES = 10;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Handles each message once, however often it is delivered. */
export class Consumer {
  readonly #stopping = new AbortController();

  constructor(private readonly options: ConsumerOptions) {}

  /**
   * Resolves when each message is committed, or its failure recorded. While the database cannot be
   * reached it waits, so that nothing is lost or burnt; rejects only when it is stopped in that.
   */
  async take(bodies: readonly Buffer[]): Promise<void> {
    const messages = bodies.map((body) => readMessage(body, this.options.handlers));
    const unreadable = messages.filter(isUnreadable);
    for (const message of unreadable) await this.#untilDone(() => this.#park(message));
    const readable = messages.filter(isReadable);
    if (readable.length > 0) await this.#untilDone(() => this.#handle(firstOfEach(readable)));
  }

  /** Ends the waiting for a database; what is being handled goes on. */
  stop(): void {
    this.#stopping.abort();
  }

  async #handle(messages: readonly Readable[]): Promise<void> {
    try {
      await this.#handleTogether(messages);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      const [only] = messages;
      if (messages.length === 1 && only) return this.#fail(only, error);
      for (const message of messages) await this.#untilDone(() => this.#handle([message]));
    }
  }

  async #handleTogether(messages: readonly Readable[]): Promise<void> {
    const { service, clock, db, metrics } = this.options;
    const ids = messages.map(({ envelope }) => envelope.id);
    const handled = await again(() =>
      db.transaction(async (tx) => {
        const fresh = await takeNew(service, ids, clock.now(), tx);
        const own = messages.filter(({ envelope }) => fresh.has(envelope.id));
        if (own.length > 0) await dispatch(own, this.options, tx);
        return own.length;
      }),
    );
    metrics.handled(handled);
  }

  async #fail({ envelope, body }: Readable, error: unknown): Promise<void> {
    const { id, type } = envelope;
    const next = afterFailure(1, this.options.clock.now());
    await this.#record({ id, type, body }, failureText(error), next);
    this.options.logger.warn({ err: error, messageId: id, type }, 'a message could not be handled');
  }

  async #park({ id, type, body, reason }: Unreadable): Promise<void> {
    await this.#record({ id, type: type.slice(0, 100), body }, reason.slice(0, 1000), PARKED);
    const facts = { messageId: id, type, reason };
    this.options.logger.error(facts, 'a message cannot be read: it is parked');
  }

  /** With its inbox row: should it be delivered again, it is known, and tried again from here only. */
  async #record(
    message: { id: string; type: string; body: string },
    error: string,
    next: ReturnType<typeof afterFailure>,
  ): Promise<void> {
    const { service, clock, db, metrics } = this.options;
    const firstFailedAt = clock.now();
    const facts = { ...next, error, firstFailedAt, attempts: 1 };
    const recorded = await again(() =>
      db.transaction(async (tx) => {
        const fresh = await takeNew(service, [message.id], firstFailedAt, tx);
        if (fresh.size === 0) return false;
        const row = { ...message, ...facts, discardReason: null, heldSubject: null };
        await insertFailed([row], tx);
        return true;
      }),
    );
    if (recorded) metrics.failed(next.state);
  }

  /** Recording a failure must not fail: whatever stands in its way is waited out. */
  async #untilDone(work: () => Promise<void>): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return await work();
      } catch (error) {
        const { signal } = this.#stopping;
        signal.throwIfAborted();
        this.options.logger.warn({ err: error, pauseMs }, 'cannot take messages now');
        await wait(pauseMs, this.options.clock, signal);
      }
    }
  }
}

/** The next look finds what was taken meanwhile; were it not so, the pause of `untilDone` comes in between. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !(error instanceof TakenMeanwhile)) throw error;
    }
  }
}

function firstOfEach(messages: readonly Readable[]): Readable[] {
  const byId = new Map<string, Readable>();
  for (const message of messages) {
    if (!byId.has(message.envelope.id)) byId.set(message.envelope.id, message);
  }
  return [...byId.values()];
}
