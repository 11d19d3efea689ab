import mysql2 from 'mysql2';
import type { Options, Sequelize as PlainSequelize, Transaction } from 'sequelize';
import { type ModelCtor, Sequelize } from 'sequelize-typescript';
import { camelCase } from './names';
import type { Connector, Found, Outcome, Replacements, Session } from './session';

/** READ COMMITTED: a claim of due rows must not lock the gaps in which business inserts. */
const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET SESSION innodb_lock_wait_timeout = 20',
  // So that `insert` sees every reason for which a row was left out.
  'SET SESSION max_error_count = 1024',
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO'",
];

/** MariaDB too: Sequelize's own dialect for it returns decimals as floats. */
export function connectMysql(url: string, models: ModelCtor[], poolSize: number): Connector {
  const options: Options = {
    dialect: 'mysql',
    dialectModule: mysql2,
    // FOUND_ROWS: a statement that sets what is set already has still met its row.
    dialectOptions: { flags: 'FOUND_ROWS', charset: 'utf8mb4_bin', connectTimeout: 5000 },
    pool: { max: poolSize, min: 0, acquire: 20_000, idle: 30_000 },
    hooks: {
      afterConnect: (connection: unknown) => prepareSession(connection as mysql2.Connection),
    },
  };
  const sequelize = new Sequelize(url, {
    ...options,
    models,
    repositoryMode: true,
    logging: false,
  });
  return {
    dialect: 'mysql',
    sequelize,
    begin: async () => new MysqlSession(sequelize, await sequelize.transaction()),
    close: () => sequelize.close(),
  };
}

async function prepareSession(connection: mysql2.Connection): Promise<void> {
  for (const statement of SESSION) await connection.promise().query(statement);
}

interface Header {
  readonly affectedRows?: number;
  readonly warningStatus?: number;
}

class MysqlSession implements Session {
  constructor(
    private readonly sequelize: PlainSequelize,
    readonly transaction: Transaction,
  ) {}

  async run(sql: string, replacements: Replacements): Promise<Outcome> {
    const options = { replacements: { ...replacements }, transaction: this.transaction };
    const [rows, outcome] = (await this.sequelize.query(sql, options)) as [
      Found[] | number,
      Header | number | undefined,
    ];
    // Of an INSERT, Sequelize answers the last id and the number of rows.
    const header = typeof outcome === 'number' ? { affectedRows: outcome } : (outcome ?? {});
    return {
      rows: Array.isArray(rows) ? rows.map(inCamelCase) : [],
      affected: header.affectedRows ?? 0,
      warnings: header.warningStatus ?? (typeof outcome === 'number' ? 1 : 0),
    };
  }

  commit(): Promise<void> {
    return this.transaction.commit();
  }

  /** What broke the work may have broken the connection too; the first error is the one to tell. */
  async rollback(): Promise<void> {
    if ('finished' in this.transaction && this.transaction.finished) return;
    await this.transaction.rollback().catch(() => undefined);
  }
}

function inCamelCase(row: Found): Found {
  const renamed: Found = {};
  for (const column of Object.keys(row)) renamed[camelCase(column)] = row[column];
  return renamed;
}
