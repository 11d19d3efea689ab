import type { Replacements } from './session';
import type { Tx } from './tx';

/** How the database reads one table of a statement. */
export interface PlanStep {
  readonly table: string;
  readonly index: string | null;
  /** All rows are walked, or all of an index: bearable only where a LIMIT ends it at once. */
  readonly walks: boolean;
  readonly sorts: boolean;
}

/** Asks the database how it would run `sql`, for tests that hold a hot statement to its index. */
export async function explain(
  sql: string,
  replacements: Replacements,
  tx: Tx,
): Promise<PlanStep[]> {
  const prefix = tx.dialect === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  const rows = await tx.select(`${prefix} ${sql}`, replacements);
  return tx.dialect === 'mysql' ? rows.map(mysqlStep) : sqliteSteps(rows);
}

function mysqlStep(row: Record<string, unknown>): PlanStep {
  return {
    table: String(row['table']),
    index: row['key'] === null ? null : String(row['key']),
    walks: row['type'] === 'ALL' || row['type'] === 'index',
    sorts: String(row['Extra'] ?? row['extra'] ?? '').includes('filesort'),
  };
}

function sqliteSteps(rows: Record<string, unknown>[]): PlanStep[] {
  const details = rows.map(({ detail }) => String(detail));
  const sorts = details.some((detail) => detail.includes('TEMP B-TREE FOR ORDER BY'));
  return details.flatMap((detail) => {
    const read =
      /^(SEARCH|SCAN) (\S+)(?: USING (?:COVERING )?(?:INDEX (\S+)|INTEGER (PRIMARY) KEY))?/;
    const [, how, table, index, primary] = read.exec(detail) ?? [];
    if (table === undefined) return [];
    return [{ table, index: index ?? primary ?? null, walks: how === 'SCAN', sorts }];
  });
}
