import type { Database, Dialect, Tx } from '@perennial/database';
import { nameOf } from './difference';
import type { Rebuilt } from './entities';

const LINES_PER_TABLE = 100;

const CHILDREN = [
  { table: 'attempts', key: ['id'] },
  { table: 'cycles', key: ['subscriptionId', 'cycle'] },
] as const;

/** Rows that say they are of these payments, and of which the payments' entries know nothing. */
export async function strangersAmong(
  paymentIds: readonly string[],
  told: readonly Rebuilt[],
  tx: Tx,
): Promise<string[]> {
  if (paymentIds.length === 0) return [];
  const known = new Set(told.map(({ table, key, row }) => nameOf(table, key, row)));
  const lines: string[] = [];
  for (const { table, key } of CHILDREN) {
    const sql = `SELECT * FROM ${table} WHERE payment_id IN (:paymentIds)`;
    const names = (await tx.select(sql, { paymentIds })).map((row) => nameOf(table, key, row));
    lines.push(...names.filter((name) => !known.has(name)).map(unknown));
  }
  return lines;
}

interface Told {
  readonly table: string;
  /** The type of the entries that tell of such rows, and the expression for the entity's id. */
  readonly type: string;
  readonly entity: string;
  readonly name: string;
  readonly only?: string;
}

const tablesOf = (dialect: Dialect): readonly Told[] => {
  const cycle =
    dialect === 'mysql' ? "CONCAT(subscription_id, ':', cycle)" : "subscription_id || ':' || cycle";
  const ofPayment = { type: 'payment', entity: 'payment_id', only: 'payment_id IS NOT NULL' };
  return [
    { table: 'payments', type: 'payment', entity: 'payments.id', name: 'id' },
    { table: 'attempts', ...ofPayment, name: 'id' },
    { table: 'cycles', ...ofPayment, name: cycle },
    { table: 'cycles', type: 'cycle', entity: cycle, name: cycle, only: 'payment_id IS NULL' },
    {
      table: 'schedules',
      type: 'subscription',
      entity: 'subscription_id',
      name: 'subscription_id',
    },
    { table: 'refunds', type: 'refund', entity: 'refunds.id', name: 'id' },
    { table: 'discrepancies', type: 'discrepancy', entity: 'discrepancies.id', name: 'id' },
  ];
};

/** Rows that belong to nothing that the trail tells of. */
export async function strangersIn(db: Database): Promise<string[]> {
  const lines: string[] = [];
  for (const { table, type, entity, name, only = '1 = 1' } of tablesOf(db.dialect)) {
    const names = await namesWhere(
      db,
      table,
      name,
      `${only} AND NOT EXISTS
         (SELECT 1 FROM audit_entries WHERE entity_type = :type AND entity_id = ${entity})`,
      { type },
    );
    lines.push(...names.map(unknown));
  }
  const untaken = await namesWhere(
    db,
    'captures',
    'attempt_id',
    "NOT EXISTS (SELECT 1 FROM attempts WHERE id = attempt_id AND status = 'succeeded')",
  );
  return [...lines, ...untaken.map((name) => `${name}: no attempt took this money`)];
}

async function namesWhere(
  db: Database,
  table: string,
  name: string,
  condition: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<string[]> {
  const sql = `SELECT ${name} AS row_name FROM ${table} WHERE ${condition} LIMIT ${LINES_PER_TABLE}`;
  const rows = await db.transaction((tx) => tx.select(sql, values));
  return rows.map(({ rowName }) => `${table} ${String(rowName)}`);
}

function unknown(name: string): string {
  return `${name}: the audit trail does not know it`;
}
