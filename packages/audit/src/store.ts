import { Cause, type Ids } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import { type AuditEntry, StoredEntry } from './entry';

/** In the transaction of what they tell. */
export async function writeAudit(entries: readonly AuditEntry[], tx: Tx, ids: Ids): Promise<void> {
  const rows = entries.map(({ entity, from, to, facts, cause, at }) => ({
    id: ids(),
    entityType: entity.type,
    entityId: entity.id,
    fromState: from,
    toState: to,
    facts: JSON.stringify(facts),
    actor: cause.actor,
    triggerRef: cause.trigger,
    correlationId: cause.correlationId,
    causationId: cause.causationId,
    at,
    sealed: 0,
    seq: null,
    hash: null,
  }));
  await tx.insert('audit_entries', rows);
}

/** An entry as it is shown. */
export const HistoryEntry = z.object({
  id: z.uuid(),
  entity: z.object({ type: z.string(), id: z.string() }),
  from: z.string().nullable(),
  to: z.string(),
  facts: z.record(z.string(), z.unknown()),
  cause: Cause.omit({ traceparent: true }),
  at: z.iso.datetime(),
});
export type HistoryEntry = z.output<typeof HistoryEntry>;

/** All that happened to one entity, oldest first. */
export async function history(
  entityType: string,
  entityId: string,
  tx: Tx,
): Promise<HistoryEntry[]> {
  const rows = await tx.select(
    `SELECT * FROM audit_entries WHERE entity_type = :entityType AND entity_id = :entityId
     ORDER BY position`,
    { entityType, entityId },
  );
  return rows.map((row) => shown(StoredEntry.parse(row)));
}

function shown(stored: StoredEntry): HistoryEntry {
  const { id, entityType, entityId, fromState, toState, at, actor, triggerRef } = stored;
  const { correlationId, causationId } = stored;
  return HistoryEntry.parse({
    ...{ id, from: fromState, to: toState, at },
    entity: { type: entityType, id: entityId },
    facts: JSON.parse(stored.facts),
    cause: { actor, trigger: triggerRef, correlationId, causationId },
  });
}

/** The newest entry of each entity of a type, in the order of their ids, after the id given by `after`. */
export async function latestEntries(
  entityType: string,
  { after, limit }: { readonly after: string; readonly limit: number },
  tx: Tx,
): Promise<StoredEntry[]> {
  const newest = await tx.select(
    `SELECT entity_id, MAX(position) AS position FROM audit_entries
     WHERE entity_type = :entityType AND entity_id > :after
     GROUP BY entity_id ORDER BY entity_id LIMIT :limit`,
    { entityType, after, limit },
  );
  if (newest.length === 0) return [];
  const rows = await tx.select(
    'SELECT * FROM audit_entries WHERE position IN (:positions) ORDER BY entity_id',
    { positions: newest.map(({ position }) => position) },
  );
  return rows.map((row) => StoredEntry.parse(row));
}

/** In the order of the chain. */
export async function sealedAfter(seq: number, limit: number, tx: Tx): Promise<StoredEntry[]> {
  const rows = await tx.select(
    'SELECT * FROM audit_entries WHERE seq > :seq ORDER BY seq LIMIT :limit',
    { seq, limit },
  );
  return rows.map((row) => StoredEntry.parse(row));
}

/**
 * The id of the first entry with a number before the beginning or after the end, null if there is none.
 * One statement, so that a sealer at work is seen before or after, not half-way.
 */
export async function sealedOutside(tx: Tx): Promise<string | null> {
  const [row] = await tx.select(
    `SELECT id FROM audit_entries
     WHERE seq < 1 OR seq > COALESCE((SELECT seq FROM audit_head WHERE id = 1), 0)
     ORDER BY seq LIMIT 1`,
  );
  return row ? String(row['id']) : null;
}

export async function unsealed(limit: number, tx: Tx): Promise<StoredEntry[]> {
  const rows = await tx.select(
    'SELECT * FROM audit_entries WHERE sealed = 0 ORDER BY position LIMIT :limit',
    { limit },
  );
  return rows.map((row) => StoredEntry.parse(row));
}

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Null: nothing has been sealed yet. */
export async function readHead(tx: Tx, lock = ''): Promise<Head | null> {
  const [row] = await tx.select(`SELECT seq, hash FROM audit_head WHERE id = 1${lock}`);
  return row ? { seq: Number(row['seq']), hash: String(row['hash']) } : null;
}
