import { latestEntries, type StoredEntry } from '@perennial/audit';
import type { Database, Tx } from '@perennial/database';
import { differences } from './difference';
import { entities, rebuiltCycle } from './entities';

const ENTITIES_PER_PAGE = 500;

export interface Rebuilding {
  /** Entities whose newest entry was compared. */
  readonly entities: number;
  /** A line for each field, row or entry that does not agree. */
  readonly differences: readonly string[];
}

/**
 * Folds the audit trail into what the money tables must hold, and compares, page by page. Also finds
 * rows of which the trail knows nothing. Billing rules: "Audit".
 */
export async function rebuildDiff(db: Database): Promise<Rebuilding> {
  const found: string[] = [];
  let count = 0;
  for (const { type, rowsOf } of entities) {
    count += await eachPage(db, type, async (page, tx) => {
      found.push(
        ...(await differences(
          page.flatMap(({ facts }) => rowsOf(facts)),
          tx,
        )),
      );
    });
  }
  count += await eachPage(db, 'cycle', async (page, tx) => {
    found.push(...(await cyclesThatDiffer(page, tx)));
  });
  for (const table of UNAUDITED) found.push(...(await rowsWithoutEntry(db, table)));
  return { entities: count, differences: found };
}

async function eachPage(
  db: Database,
  type: string,
  visit: (page: readonly StoredEntry[], tx: Tx) => Promise<void>,
): Promise<number> {
  let count = 0;
  for (let after = ''; ; ) {
    const page = await db.transaction(async (tx) => {
      const entries = await latestEntries(type, { after, limit: ENTITIES_PER_PAGE }, tx);
      await visit(entries, tx);
      return entries;
    });
    count += page.length;
    const last = page.at(-1);
    if (!last) return count;
    after = last.entityId;
  }
}

/** Once a cycle has a payment, the payment's entries tell of it. */
async function cyclesThatDiffer(page: readonly StoredEntry[], tx: Tx): Promise<string[]> {
  if (page.length === 0) return [];
  const ids = page.map(({ entityId }) => entityId.split(':')[0]);
  const rows = await tx.select(
    'SELECT subscription_id, cycle, customer_id, payment_id FROM cycles WHERE subscription_id IN (:ids)',
    { ids },
  );
  const real = new Map(rows.map((row) => [`${row['subscriptionId']}:${row['cycle']}`, row]));
  const rebuilt = page.flatMap(({ entityId, facts }) => {
    const row = real.get(entityId);
    if (row && row['paymentId'] !== null) return [];
    const customerId = String(row?.['customerId'] ?? '');
    return [
      {
        table: 'cycles',
        key: ['subscriptionId', 'cycle'],
        row: rebuiltCycle(facts, customerId),
      },
    ];
  });
  return differences(rebuilt, tx);
}

/** Tables whose rows must each have an entry of their own. */
const UNAUDITED = [
  { name: 'payments', key: 'id', type: 'payment' },
  { name: 'schedules', key: 'subscription_id', type: 'subscription' },
  { name: 'refunds', key: 'id', type: 'refund' },
  { name: 'discrepancies', key: 'id', type: 'discrepancy' },
] as const;

async function rowsWithoutEntry(
  db: Database,
  { name, key, type }: (typeof UNAUDITED)[number],
): Promise<string[]> {
  const rows = await db.transaction((tx) =>
    tx.select(
      `SELECT ${key} AS row_key FROM ${name} WHERE NOT EXISTS
         (SELECT 1 FROM audit_entries WHERE entity_type = :type AND entity_id = ${name}.${key})
       LIMIT 100`,
      { type },
    ),
  );
  return rows.map(({ rowKey }) => `${name} ${String(rowKey)}: the audit trail does not know it`);
}
