import type { Timer } from '@perennial/calendar';
import { isUnavailable, type Tx } from '@perennial/database';
import type { ConsumerOptions } from './consumer';
import { dispatch } from './dispatch';
import { failureText } from './failure-text';
import { isReadable, readMessage } from './read-message';
import { afterFailure, PARKED } from './retry-schedule';
import {
  deleteFailed,
  dueIds,
  type FailedFilter,
  type FailedRow,
  findFailed,
  listFailed,
  lockWaiting,
  nextDueAt,
  saveFailed,
} from './store-failed';
import { deleteFromOutbox } from './store-outbox';

export type FailedMessage = Omit<FailedRow, 'heldSubject'>;

const AT_ONCE = 100;

/** What this service could not handle or not send: tried again by its own clock, or by an operator. */
export class FailedMessages {
  constructor(private readonly options: ConsumerOptions) {}

  readonly timer: Timer = {
    name: 'retry-failed-messages',
    everyMs: 1_000,
    nextAt: () => this.options.db.transaction(nextDueAt),
    run: () => this.#retryDue(),
  };

  /** Newest first; discarded ones only when asked for. */
  async list(filter: FailedFilter, tx: Tx): Promise<FailedMessage[]> {
    return (await listFailed(filter, tx)).map(shown);
  }

  async find(id: string, tx: Tx): Promise<FailedMessage | null> {
    const row = await findFailed(id, tx);
    return row && shown(row);
  }

  /** At once. Null: it is handled, or free to be sent; undefined: no such message waits. */
  async retry(id: string): Promise<FailedMessage | null | undefined> {
    const { db } = this.options;
    try {
      return await db.transaction((tx) => this.#tryAgain(id, tx));
    } catch (error) {
      if (isUnavailable(error)) throw error;
      return db.transaction((tx) => this.#failAgain(id, error, tx));
    }
  }

  /** Null: no such message waits. */
  async discard(id: string, reason: string, tx: Tx): Promise<FailedMessage | null> {
    const row = await lockWaiting(id, tx);
    if (row === null) return null;
    if (row.heldSubject !== null) await deleteFromOutbox([id], tx);
    const gone = { state: 'discarded', nextTryAt: null, discardReason: reason } as const;
    const discarded = { ...row, ...gone, heldSubject: null };
    await saveFailed(discarded, tx);
    this.options.logger.warn({ messageId: id, type: row.type, reason }, 'a message was discarded');
    return shown(discarded);
  }

  async #retryDue(): Promise<void> {
    const { db, clock } = this.options;
    for (;;) {
      const ids = await db.transaction((tx) => dueIds(clock.now(), AT_ONCE, tx));
      for (const id of ids) await this.retry(id);
      if (ids.length < AT_ONCE) return;
    }
  }

  async #tryAgain(id: string, tx: Tx): Promise<null | undefined> {
    const row = await lockWaiting(id, tx);
    if (row === null) return undefined;
    // A message of our own is still in the outbox: the relay sends it as soon as nothing holds it back.
    if (row.heldSubject === null) {
      const message = readMessage(Buffer.from(row.body), this.options.handlers);
      if (!isReadable(message)) throw new Unreadable(message.reason);
      await dispatch([message], this.options, tx);
    }
    await deleteFailed(id, tx);
    return null;
  }

  async #failAgain(id: string, error: unknown, tx: Tx): Promise<FailedMessage | undefined> {
    const row = await lockWaiting(id, tx);
    if (row === null) return undefined;
    const attempts = row.attempts + 1;
    const next =
      error instanceof Unreadable ? PARKED : afterFailure(attempts, this.options.clock.now());
    const failed = { ...row, ...next, attempts, error: failureText(error) };
    await saveFailed(failed, tx);
    this.options.metrics.failed(next.state);
    const facts = { err: error, messageId: id, type: row.type, attempts, state: next.state };
    this.options.logger.warn(facts, 'a message could not be handled again');
    return shown(failed);
  }
}

class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

function shown({ heldSubject: _, ...message }: FailedRow): FailedMessage {
  return message;
}
