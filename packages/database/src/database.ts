import { AsyncLocalStorage } from 'node:async_hooks';
import type { ModelCtor } from 'sequelize-typescript';
import { isConflict } from './failures';
import { Mutex } from './mutex';
import { connectMysql } from './mysql';
import type { Connector } from './session';
import { connectSqlite } from './sqlite';
import { type Dialect, SessionTx, type Tx } from './tx';

export interface Database {
  readonly dialect: Dialect;
  /**
   * READ COMMITTED on MySQL; one at a time on SQLite. After a deadlock or a lock wait time-out the
   * whole of `work` is run again, at most 10 times, so it must not do what a rollback cannot undo.
   * Throws when called inside itself: the inner work would wait for the outer's locks for ever.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Told after each commit of a transaction that wrote. Returns the way to stop listening. */
  onCommit(listener: () => void): () => void;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Read through `Tx.model`. */
  readonly models?: ModelCtor[];
  readonly poolSize?: number;
  /** SQLite's own clock is the machine's, unless it is given another: ms since 1970. */
  readonly nowMs?: () => number;
  /** Told of every statement, for tests that bound their number. */
  readonly countStatement?: (sql: string) => void;
  /** False: a transaction inside itself waits for ever, and the promises of the process cost less. */
  readonly guardsNesting?: boolean;
}

const TRIES = 10;

/** `mysql://user:password@host:port/name`, `sqlite:path` or `sqlite::memory:`. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const { models = [], poolSize = 10, countStatement = () => undefined, nowMs } = options;
  const inside = options.guardsNesting === false ? null : new AsyncLocalStorage<true>();
  const sqlite = /^sqlite:(.*)$/.exec(url);
  const connector =
    sqlite === null
      ? connectMysql(url, models, poolSize)
      : await connectSqlite(sqlite[1] ?? '', models);
  return new ConnectedDatabase(connector, inside, countStatement, nowMs);
}

class ConnectedDatabase implements Database {
  private readonly turns = new Mutex();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly connector: Connector,
    private readonly inside: AsyncLocalStorage<true> | null,
    private readonly countStatement: (sql: string) => void,
    private readonly nowMs: (() => number) | undefined,
  ) {}

  get dialect(): Dialect {
    return this.connector.dialect;
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.inside?.getStore())
      throw new Error('A transaction inside a transaction: hand on the tx');
    const { result, wrote } = await (this.dialect === 'sqlite'
      ? this.turns.run(() => this.once(work))
      : this.again(work));
    if (wrote) for (const listener of this.listeners) listener();
    return result;
  }

  onCommit(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async ping(): Promise<void> {
    await this.transaction((tx) => tx.select('SELECT 1'));
  }

  async close(): Promise<void> {
    await this.turns.run(() => this.connector.close());
    // Otherwise every promise of the process goes on carrying it along.
    this.inside?.disable();
  }

  private async again<T>(work: (tx: Tx) => Promise<T>) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt === TRIES || !isConflict(error)) throw error;
      }
    }
  }

  private async once<T>(work: (tx: Tx) => Promise<T>) {
    const { dialect, sequelize } = this.connector;
    const session = await this.connector.begin();
    const tx = new SessionTx(dialect, sequelize, session, this.countStatement, this.nowMs);
    try {
      const result = await (this.inside?.run(true, () => work(tx)) ?? work(tx));
      await session.commit();
      return { result, wrote: tx.wrote };
    } catch (error) {
      await session.rollback();
      throw error;
    }
  }
}
