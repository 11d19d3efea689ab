import type { Row, Tx } from '@perennial/database';
import type { Rebuilt } from './entities';

/** Compares rebuilt rows with the tables' own, many at once; a line for each that differs or is missing. */
export async function differences(rebuilt: readonly Rebuilt[], tx: Tx): Promise<string[]> {
  const lines: string[] = [];
  for (const table of new Set(rebuilt.map((one) => one.table))) {
    const wanted = rebuilt.filter((one) => one.table === table);
    const found = await rowsOf(table, wanted, tx);
    for (const { key, row } of wanted) {
      const name = nameOf(table, key, row);
      const real = found.get(name);
      lines.push(...(real ? fieldsThatDiffer(name, row, real) : [`${name}: missing`]));
    }
  }
  return lines;
}

async function rowsOf(table: string, wanted: readonly Rebuilt[], tx: Tx) {
  const [first] = wanted;
  const [column = 'id'] = first?.key ?? [];
  const name = column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const keys = [...new Set(wanted.map(({ row }) => row[column]))];
  const rows = await tx.select(`SELECT * FROM ${table} WHERE ${name} IN (:keys)`, { keys });
  return new Map(rows.map((row) => [nameOf(table, first?.key ?? [], row), row]));
}

/** How a row is called in what is told of it: its table and its key. */
export function nameOf(
  table: string,
  key: readonly string[],
  row: Row | Record<string, unknown>,
): string {
  return `${table} ${key.map((field) => String(row[field])).join(':')}`;
}

function fieldsThatDiffer(name: string, row: Row, real: Record<string, unknown>): string[] {
  return Object.entries(row)
    .filter(([field, value]) => real[field] !== value)
    .map(([field, value]) => {
      return `${name}: ${field} is ${show(real[field])}, the audit trail says ${show(value)}`;
    });
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
