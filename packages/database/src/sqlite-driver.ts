import type LibSql from 'libsql';

type Answer = (this: Statement, error: Error | null, rows?: unknown[]) => void;

/** What Sequelize reads from after a statement; it knows it by the class's name. */
class Statement {
  lastID: number | bigint = 0;
  changes = 0;
}

/**
 * The part of the callback interface of the `sqlite3` package that Sequelize uses, over a libsql
 * connection that is open already: libsql's binary comes inside its package, where sqlite3 compiles.
 */
export function driverFor(db: LibSql.Database) {
  class Database {
    readonly filename = ':memory:';

    constructor(_path: string, _mode: number, opened: (error: Error | null) => void) {
      process.nextTick(opened, null);
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
        const rows = execute(db, sql, outcome);
        answer?.call(outcome, null, rows);
      } catch (error) {
        if (answer === undefined) throw error;
        answer.call(outcome, error as Error);
      }
    }

    close(closed: (error: Error | null) => void): void {
      closed(null);
    }
  }
  return { Database, OPEN_READWRITE: 2, OPEN_CREATE: 4 };
}

function execute(db: LibSql.Database, sql: string, outcome: Statement): unknown[] {
  const statement = db.prepare(sql);
  if (statement.reader) return statement.all();
  const { changes, lastInsertRowid } = statement.run();
  outcome.changes = changes;
  outcome.lastID = lastInsertRowid;
  return [];
}
