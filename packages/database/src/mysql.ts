import mysql2 from 'mysql2';
import type { Options } from 'sequelize';

/** READ COMMITTED: a claim of due rows must not lock the gaps in which business inserts. */
const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET SESSION innodb_lock_wait_timeout = 20',
  // So that `insert` sees every reason for which a row was left out.
  'SET SESSION max_error_count = 1024',
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO'",
].join('; ');

/** MariaDB too: Sequelize's own dialect for it returns decimals as floats. */
export function mysqlOptions(poolSize: number): Options {
  return {
    dialect: 'mysql',
    dialectModule: mysql2,
    // FOUND_ROWS: a statement that sets what is set already has still met its row.
    dialectOptions: { flags: 'FOUND_ROWS', charset: 'utf8mb4_bin', connectTimeout: 5000 },
    pool: { max: poolSize, min: 0, acquire: 20_000, idle: 30_000 },
    hooks: {
      afterConnect: (connection: unknown) => prepareSession(connection as mysql2.Connection),
    },
  };
}

async function prepareSession(connection: mysql2.Connection): Promise<void> {
  for (const statement of SESSION.split('; ')) {
    await connection.promise().query(statement);
  }
}
