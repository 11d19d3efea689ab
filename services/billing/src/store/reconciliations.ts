import { CalendarDate, Instant } from '@perennial/calendar';
import { Cause } from '@perennial/contracts';
import type { Row, Tx } from '@perennial/database';
import { z } from 'zod';

const facts = {
  id: z.string(),
  provider: z.string(),
  fromAt: Instant,
  toAt: Instant,
  day: CalendarDate.nullable(),
  /** Where the step goes on; null: at its beginning. */
  place: z.string().nullable(),
  failures: z.number(),
  failingSince: Instant.nullable(),
  failure: z.string().nullable(),
  compared: z.number(),
  autoFixed: z.number(),
  cause: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(Cause),
  createdAt: Instant,
};

const Stored = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('running'),
    ...facts,
    step: z.enum(['theirs', 'charges', 'refunds']),
    nextActionAt: Instant,
    finishedAt: z.null(),
  }),
  z.object({
    status: z.enum(['done', 'failed']),
    ...facts,
    /** What it remembered is still to be forgotten. */
    step: z.literal('clearing').nullable(),
    nextActionAt: Instant.nullable(),
    finishedAt: Instant,
  }),
]);
export type Reconciliation = z.output<typeof Stored>;
export type RunningReconciliation = Extract<Reconciliation, { status: 'running' }>;

/** What a new one is told; the rest follows. */
export type Opening = Pick<
  RunningReconciliation,
  'id' | 'provider' | 'fromAt' | 'toAt' | 'day' | 'cause' | 'createdAt' | 'nextActionAt'
>;

export function opened(opening: Opening): RunningReconciliation {
  return {
    ...opening,
    ...{ status: 'running', step: 'theirs', place: null, finishedAt: null },
    ...{ failures: 0, failingSince: null, failure: null, compared: 0, autoFixed: 0 },
  };
}

function rowOf({ cause, ...reconciliation }: Reconciliation): Row {
  return { ...reconciliation, cause: JSON.stringify(cause) };
}

/** One of a provider's day that is there already is left out. */
export async function insertReconciliations(all: readonly Reconciliation[], tx: Tx): Promise<void> {
  await tx.insert('reconciliations', all.map(rowOf), { ignoreDuplicates: true });
}

export async function findReconciliation(id: string, tx: Tx): Promise<Reconciliation | null> {
  const [row] = await tx.select('SELECT * FROM reconciliations WHERE id = :id', { id });
  return row ? Stored.parse(row) : null;
}

/** Newest first, from `cursor` on: the id of the last one seen. */
export async function listReconciliations(
  limit: number,
  cursor: string,
  tx: Tx,
): Promise<Reconciliation[]> {
  const rows = await tx.select(
    'SELECT * FROM reconciliations WHERE id < :cursor ORDER BY id DESC LIMIT :limit',
    { cursor, limit },
  );
  return rows.map((row) => Stored.parse(row));
}

export async function nextReconciliationAt(tx: Tx): Promise<Instant | null> {
  const [row] = await tx.select(
    `SELECT next_action_at FROM reconciliations WHERE next_action_at IS NOT NULL
     ORDER BY next_action_at LIMIT 1`,
  );
  return row ? Instant.parse(row['nextActionAt']) : null;
}

const CANDIDATES = 10;

/**
 * The one that is due longest, for as long as the lease: other replicas pass it over. Found without a
 * lock and locked by its id, as everywhere: who locks by way of the index meets who writes to it.
 */
export async function claimReconciliation(
  now: Instant,
  lease: Instant,
  tx: Tx,
): Promise<Reconciliation | null> {
  const due = await tx.select(
    `SELECT id FROM reconciliations WHERE next_action_at <= :now
     ORDER BY next_action_at LIMIT ${CANDIDATES}`,
    { now },
  );
  for (const { id } of due) {
    const [row] = await tx.select(
      `SELECT * FROM reconciliations WHERE id = :id${tx.forUpdateSkipLocked}`,
      { id },
    );
    const found = row ? Stored.parse(row) : null;
    if (!found || found.nextActionAt === null || found.nextActionAt > now) continue;
    await tx.update('reconciliations', ['id'], [{ id: found.id, nextActionAt: lease }]);
    return { ...found, nextActionAt: lease };
  }
  return null;
}

/** As it is, if nobody has taken it up since it was claimed: by its lease, and by how far it is. */
export async function lockClaimed(claimed: Reconciliation, tx: Tx): Promise<Reconciliation | null> {
  const sql = `SELECT * FROM reconciliations WHERE id = :id${tx.forUpdate}`;
  const [row] = await tx.select(sql, { id: claimed.id });
  const current = row ? Stored.parse(row) : null;
  const isOurs =
    current?.nextActionAt === claimed.nextActionAt &&
    current.step === claimed.step &&
    current.place === claimed.place;
  return isOurs ? current : null;
}

export async function saveReconciliation(reconciliation: Reconciliation, tx: Tx): Promise<void> {
  await tx.update('reconciliations', ['id'], [rowOf(reconciliation)]);
}

/** Whatever else becomes of the page: this much has been settled. */
export async function countFixed(id: string, fixed: number, tx: Tx): Promise<void> {
  const sql = 'UPDATE reconciliations SET auto_fixed = auto_fixed + :fixed WHERE id = :id';
  await tx.execute(sql, { id, fixed });
}
