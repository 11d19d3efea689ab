import type { Tx } from '@perennial/database';

export type MatchKind = 'charge' | 'refund';

/** The provider has shown these of ours. */
export async function insertMatches(
  reconciliationId: string,
  kind: MatchKind,
  ids: readonly string[],
  tx: Tx,
): Promise<void> {
  const rows = ids.map((id) => ({ reconciliationId, kind, id }));
  await tx.insert('reconciliation_matches', rows, { ignoreDuplicates: true });
}

/** Which of these it has shown. */
export async function matchedAmong(
  reconciliationId: string,
  kind: MatchKind,
  ids: readonly string[],
  tx: Tx,
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.select(
    `SELECT id FROM reconciliation_matches
     WHERE reconciliation_id = :reconciliationId AND kind = :kind AND id IN (:ids)`,
    { reconciliationId, kind, ids },
  );
  return new Set(rows.map(({ id }) => String(id)));
}

/** Forgets some; returns how many there were. */
export async function clearMatches(
  reconciliationId: string,
  limit: number,
  tx: Tx,
): Promise<number> {
  let cleared = 0;
  for (const kind of ['charge', 'refund'] as const) {
    const rows = await tx.select(
      `SELECT id FROM reconciliation_matches
       WHERE reconciliation_id = :reconciliationId AND kind = :kind ORDER BY id LIMIT :limit`,
      { reconciliationId, kind, limit },
    );
    if (rows.length === 0) continue;
    const ids = rows.map(({ id }) => String(id));
    cleared += await tx.execute(
      `DELETE FROM reconciliation_matches
       WHERE reconciliation_id = :reconciliationId AND kind = :kind AND id IN (:ids)`,
      { reconciliationId, kind, ids },
    );
  }
  return cleared;
}
