import { latestEntries, type StoredEntry } from '@perennial/audit';
import type { Database, Tx } from '@perennial/database';
import { ToldCaptures } from './captures';
import { differences } from './difference';
import { entities, rebuiltCycle } from './entities';
import { strangersAmong, strangersIn } from './strangers';

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
  const found = new Set<string>();
  const tell = (lines: readonly string[]) => {
    for (const line of lines) found.add(line);
  };
  const captures = new ToldCaptures();
  let count = 0;
  for (const { type, rowsOf } of entities) {
    count += await eachPage(db, type, async (page, tx) => {
      const told = page.flatMap(({ facts }) => rowsOf(facts, captures));
      tell(await differences(told, tx));
      if (type === 'payment') tell(await strangersAmong(idsOf(page), told, tx));
    });
  }
  count += await eachPage(db, 'cycle', async (page, tx) => tell(await cyclesThatDiffer(page, tx)));
  tell(await strangersIn(db));
  return { entities: count, differences: [...found] };
}

function idsOf(page: readonly StoredEntry[]): string[] {
  return page.map(({ entityId }) => entityId);
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
