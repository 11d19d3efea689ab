import type { Tx } from '@perennial/database';
import { StoredDiscrepancy } from './discrepancies';

export async function insertFindings(
  reconciliationId: string,
  discrepancyIds: readonly string[],
  tx: Tx,
): Promise<void> {
  const rows = discrepancyIds.map((discrepancyId) => ({ reconciliationId, discrepancyId }));
  await tx.insert('reconciliation_findings', rows, { ignoreDuplicates: true });
}

/** Oldest first, behind `after`: the id of the last one seen. */
export async function listFindings(
  reconciliationId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
  tx: Tx,
): Promise<StoredDiscrepancy[]> {
  const rows = await tx.select(
    `SELECT discrepancies.* FROM reconciliation_findings
     JOIN discrepancies ON discrepancies.id = reconciliation_findings.discrepancy_id
     WHERE reconciliation_id = :reconciliationId AND discrepancy_id > :after
     ORDER BY discrepancy_id LIMIT :limit`,
    { reconciliationId, after, limit },
  );
  return rows.map((row) => StoredDiscrepancy.parse(row));
}

export async function countFindings(reconciliationId: string, tx: Tx): Promise<number> {
  const [row] = await tx.select(
    `SELECT COUNT(*) AS found FROM reconciliation_findings
     WHERE reconciliation_id = :reconciliationId`,
    { reconciliationId },
  );
  return Number(row?.['found'] ?? 0);
}
