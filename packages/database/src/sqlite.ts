import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import LibSql from 'libsql';
import { type ModelCtor, Sequelize } from 'sequelize-typescript';
import { bindPositional } from './bind-positional';
import { camelCase } from './names';
import type { Connector, Found, Outcome, Replacements, Session } from './session';
import { driverFor } from './sqlite-driver';

const STATEMENTS_KEPT = 500;

const DURABLE = ['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000'];
/** Nobody else looks into it, and it may be lost with the machine. */
const THROWN_AWAY = [
  'locking_mode = EXCLUSIVE',
  'journal_mode = WAL',
  'synchronous = OFF',
  'wal_autocheckpoint = 20000',
];

/**
 * `path` or `:memory:`, with `?synchronous=off` for data that may be lost with the machine. There is
 * one connection: Sequelize reads models through it, and everything else goes to it directly, with
 * prepared statements, because the way through Sequelize costs ten times the statement itself.
 */
export async function connectSqlite(location: string, models: ModelCtor[]): Promise<Connector> {
  const [storage = '', query = ''] = location.split('?');
  if (storage !== ':memory:') mkdirSync(dirname(storage), { recursive: true });
  const db = new LibSql(storage);
  const durable = new URLSearchParams(query).get('synchronous') !== 'off';
  for (const pragma of durable ? DURABLE : THROWN_AWAY) db.exec(`PRAGMA ${pragma}`);
  const sequelize = new Sequelize({
    ...{ dialect: 'sqlite', storage: ':memory:', dialectModule: driverFor(db) },
    ...{ models, repositoryMode: true, logging: false },
  });
  const statements = new Statements(db);
  return {
    dialect: 'sqlite',
    sequelize,
    begin: async () => {
      statements.run('BEGIN', []);
      return new SqliteSession(statements);
    },
    close: async () => {
      db.close();
    },
  };
}

class SqliteSession implements Session {
  readonly transaction = null;

  constructor(private readonly statements: Statements) {}

  async run(sql: string, replacements: Replacements): Promise<Outcome> {
    const bound = bindPositional(sql, replacements);
    return this.statements.run(bound.sql, bound.values);
  }

  async commit(): Promise<void> {
    this.statements.run('COMMIT', []);
  }

  async rollback(): Promise<void> {
    this.statements.run('ROLLBACK', []);
  }
}

interface Prepared {
  readonly statement: LibSql.Statement;
  /** Of what it reads, in order; null: it reads nothing. */
  readonly keys: readonly string[] | null;
}

/** Or takes back that it was done. */
const ALTERS_TABLES = /^\s*(CREATE|ALTER|DROP|ROLLBACK)\b/i;

/** Prepared statements by their text, the least recently used forgotten first. */
class Statements {
  private readonly kept = new Map<string, Prepared>();

  constructor(private readonly db: LibSql.Database) {}

  run(sql: string, values: readonly unknown[]): Outcome {
    const { statement, keys } = this.prepared(sql);
    if (keys !== null) {
      const rows = (statement.all(values) as unknown[][]).map((row) => byKeys(keys, row));
      return { rows, affected: 0, warnings: 0 };
    }
    const affected = statement.run(values).changes;
    if (ALTERS_TABLES.test(sql)) this.kept.clear();
    return { rows: [], affected, warnings: 0 };
  }

  private prepared(sql: string): Prepared {
    const known = this.kept.get(sql);
    if (known) {
      this.kept.delete(sql);
      this.kept.set(sql, known);
      return known;
    }
    const prepared = prepare(this.db, sql);
    this.kept.set(sql, prepared);
    const [oldest] = this.kept.keys();
    if (this.kept.size > STATEMENTS_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return prepared;
  }
}

/** Rows come as lists: the library makes the name of every column of every row anew. */
function prepare(db: LibSql.Database, sql: string): Prepared {
  const statement = db.prepare(sql);
  if (!statement.reader) return { statement, keys: null };
  const keys = statement.columns().map(({ name }) => camelCase(name));
  return { statement: statement.raw(true), keys };
}

function byKeys(keys: readonly string[], values: readonly unknown[]): Found {
  const found: Found = {};
  for (const [index, key] of keys.entries()) found[key] = values[index];
  return found;
}
