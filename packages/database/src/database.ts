import { AsyncLocalStorage } from 'node:async_hooks';
import type { Transaction } from 'sequelize';
import { type ModelCtor, Sequelize } from 'sequelize-typescript';
import { isConflict } from './failures';
import { Mutex } from './mutex';
import { mysqlOptions } from './mysql';
import { sqliteOptions } from './sqlite';
import { type Dialect, SequelizeTx, type Tx } from './tx';

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
  /** Told of every statement, for tests that bound their number. */
  readonly countStatement?: (sql: string) => void;
}

const TRIES = 10;

/** `mysql://user:password@host:port/name`, `sqlite:path` or `sqlite::memory:`. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const { models = [], poolSize = 10, countStatement = () => undefined } = options;
  const shared = { models, repositoryMode: true, logging: false as const };
  const sqlite = /^sqlite:(.*)$/.exec(url);
  if (sqlite === null) {
    const sequelize = new Sequelize(url, { ...shared, ...mysqlOptions(poolSize) });
    return new SequelizeDatabase('mysql', sequelize, countStatement);
  }
  const { pragmas, ...connection } = sqliteOptions(sqlite[1] ?? '');
  const sequelize = new Sequelize({ ...shared, ...connection });
  await keepOneConnection(sequelize);
  for (const pragma of pragmas) await sequelize.query(pragma);
  return new SequelizeDatabase('sqlite', sequelize, countStatement);
}

/** Sequelize would open one for each transaction, and SQLite would refuse the second writer. */
async function keepOneConnection(sequelize: Sequelize): Promise<void> {
  const manager = sequelize.connectionManager;
  const connection = await manager.getConnection({ type: 'write' });
  manager.getConnection = async () => connection;
  manager.releaseConnection = async () => undefined;
  manager.close = () =>
    new Promise<void>((resolve) => {
      (connection as { close(closed: () => void): void }).close(resolve);
    });
}

class SequelizeDatabase implements Database {
  private readonly turns = new Mutex();
  private readonly inside = new AsyncLocalStorage<true>();
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly dialect: Dialect,
    private readonly sequelize: Sequelize,
    private readonly countStatement: (sql: string) => void,
  ) {}

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.inside.getStore())
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
    await this.turns.run(() => this.sequelize.close());
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
    const transaction: Transaction = await this.sequelize.transaction();
    const tx = new SequelizeTx(this.dialect, this.sequelize, transaction, this.countStatement);
    try {
      const result = await this.inside.run(true, () => work(tx));
      await transaction.commit();
      return { result, wrote: tx.wrote };
    } catch (error) {
      await rollback(transaction);
      throw error;
    }
  }
}

/** What broke the work may have broken the connection too; the first error is the one to tell. */
async function rollback(transaction: Transaction): Promise<void> {
  if ('finished' in transaction && transaction.finished) return;
  await transaction.rollback().catch(() => undefined);
}
