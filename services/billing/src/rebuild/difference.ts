import type { Row, Tx } from '@perennial/database';
import type { Rebuilt } from './entities';

/** Compares rebuilt rows with the tables' own, many at once; a line for each that differs or is missing. */
export async function differences(rebuilt: readonly Rebuilt[], tx: Tx): Promise<string[]> {
  const lines: string[] = [];
  for (const table of new Set(rebuilt.map((one) => one.table))) {
    const wanted = rebuilt.filter((one) => one.table === table);
    const found = await rowsOf(table, wanted, tx);
    for (const { key, row } of wanted) {
      const name = keyOf(key, row);
      const real = found.get(name);
      lines.push(
        ...(real ? fieldsThatDiffer(table, name, row, real) : [`${table} ${name}: missing`]),
      );
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
  return new Map(rows.map((row) => [keyOf(first?.key ?? [], row), row]));
}

function keyOf(key: readonly string[], row: Row | Record<string, unknown>): string {
  return key.map((name) => String(row[name])).join(':');
}

function fieldsThatDiffer(
  table: string,
  name: string,
  row: Row,
  real: Record<string, unknown>,
): string[] {
  return Object.entries(row)
    .filter(([field, value]) => real[field] !== value)
    .map(([field, value]) => {
      return `${table} ${name}: ${field} is ${show(real[field])}, the audit trail says ${show(value)}`;
    });
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
