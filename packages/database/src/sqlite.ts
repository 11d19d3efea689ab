import LibSql from 'libsql';
import type { Options } from 'sequelize';

type Answer = (this: Statement, error: Error | null, rows?: unknown[]) => void;

/** What Sequelize reads from after a statement; it knows it by the class's name. */
class Statement {
  lastID: number | bigint = 0;
  changes = 0;
}

/**
 * The part of the callback interface of the `sqlite3` package that Sequelize uses, over libsql:
 * its binary comes inside the package, where sqlite3 compiles for a minute.
 */
class Connection {
  private readonly db: LibSql.Database;

  constructor(path: string, _mode: number, opened: (error: Error | null) => void) {
    this.db = new LibSql(path);
    setImmediate(() => opened(null));
  }

  serialize(work: () => void): void {
    work();
  }

  run(sql: string, ...rest: unknown[]): void {
    this.all(sql, ...rest);
  }

  all(sql: string, ...rest: unknown[]): void {
    const answer = rest.find((one): one is Answer => typeof one === 'function');
    const outcome = new Statement();
    try {
      const rows = this.execute(sql, outcome);
      answer?.call(outcome, null, rows);
    } catch (error) {
      if (answer === undefined) throw error;
      answer.call(outcome, error as Error);
    }
  }

  close(closed: (error: Error | null) => void): void {
    this.db.close();
    closed(null);
  }

  private execute(sql: string, outcome: Statement): unknown[] {
    const statement = this.db.prepare(sql);
    if (statement.reader) return statement.all();
    const { changes, lastInsertRowid } = statement.run();
    outcome.changes = changes;
    outcome.lastID = lastInsertRowid;
    return [];
  }
}

const OPEN_READWRITE = 2;
const OPEN_CREATE = 4;

/** `path` or `:memory:`, with `?synchronous=off` for data that may be lost with the machine. */
export function sqliteOptions(location: string): Options & { pragmas: string[] } {
  const [storage = '', query = ''] = location.split('?');
  const synchronous = new URLSearchParams(query).get('synchronous') ?? 'full';
  return {
    dialect: 'sqlite',
    dialectModule: { Database: Connection, OPEN_READWRITE, OPEN_CREATE },
    storage,
    pragmas: [
      'PRAGMA journal_mode = WAL',
      `PRAGMA synchronous = ${synchronous === 'off' ? 'OFF' : 'FULL'}`,
      'PRAGMA busy_timeout = 5000',
    ],
  };
}
