import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Umzug, type UmzugStorage } from 'umzug';
import type { Database } from './database';
import { statementsOf } from './migration-sql';
import type { Tx } from './tx';

const LOCK_SECONDS = 120;

/**
 * Brings the database up to date, under a lock, and returns the names of what was applied. Each
 * statement is a migration of its own, `billing/0001-billing.sql:3`, because MySQL commits after each.
 */
export async function migrate(db: Database, folders: readonly string[]): Promise<string[]> {
  return db.transaction(async (tx) => {
    await lock(tx);
    try {
      await tx.execute(
        `CREATE TABLE IF NOT EXISTS migrations (name VARCHAR(200) NOT NULL PRIMARY KEY)`,
      );
      const applied = await umzug(folders, tx).up();
      return applied.map(({ name }) => name);
    } finally {
      await unlock(tx);
    }
  });
}

export async function migrationStatus(
  db: Database,
  folders: readonly string[],
): Promise<{ name: string; applied: boolean }[]> {
  return db.transaction(async (tx) => {
    const done = await tx.select('SELECT name FROM migrations').catch(() => []);
    const names = new Set(done.map(({ name }) => name));
    return migrationsOf(folders, tx.dialect).map(({ name }) => ({
      name,
      applied: names.has(name),
    }));
  });
}

function umzug(folders: readonly string[], tx: Tx): Umzug<Tx> {
  const migrations = migrationsOf(folders, tx.dialect).map(({ name, sql }) => ({
    name,
    up: async () => {
      await tx.execute(sql);
    },
  }));
  return new Umzug({ migrations, context: tx, storage: storage(tx), logger: undefined });
}

function migrationsOf(folders: readonly string[], dialect: Tx['dialect']) {
  return folders.flatMap((folder) => {
    const owner = basename(dirname(folder));
    const files = readdirSync(folder)
      .filter((file) => /^\d{4}-.*\.sql$/.test(file))
      .sort();
    return files.flatMap((file) =>
      statementsOf(readFileSync(join(folder, file), 'utf8'), dialect).map((sql, index) => ({
        name: `${owner}/${file}:${index + 1}`,
        sql,
      })),
    );
  });
}

function storage(tx: Tx): UmzugStorage<Tx> {
  return {
    logMigration: async ({ name }) => {
      await tx.insert('migrations', [{ name }]);
    },
    unlogMigration: async () => {
      throw new Error('Migrations only go forward');
    },
    executed: async () => {
      const rows = await tx.select('SELECT name FROM migrations');
      return rows.map(({ name }) => String(name));
    },
  };
}

/** Held by the connection, which the open transaction keeps, through the commits of the statements. */
async function lock(tx: Tx): Promise<void> {
  if (tx.dialect === 'sqlite') return;
  const [row] = await tx.select(
    `SELECT GET_LOCK(CONCAT('migrate:', MD5(DATABASE())), ${LOCK_SECONDS}) AS taken`,
  );
  if (row?.['taken'] !== 1) throw new Error('Another process has been migrating for too long');
}

async function unlock(tx: Tx): Promise<void> {
  if (tx.dialect === 'sqlite') return;
  await tx.select(`SELECT RELEASE_LOCK(CONCAT('migrate:', MD5(DATABASE())))`);
}
