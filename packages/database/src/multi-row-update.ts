import type { Dialect } from './tx';

interface Columns {
  readonly key: readonly string[];
  readonly all: readonly string[];
}

interface Statement {
  readonly sql: string;
  readonly replacements: Readonly<Record<string, unknown>>;
}

/**
 * One UPDATE for many rows with different values: the given rows drive, each finds its own by the
 * key's index. No upsert, which would hide a row that is missing and a UNIQUE constraint that is broken.
 */
export function multiRowUpdate(
  dialect: Dialect,
  table: string,
  columns: Columns,
  values: readonly (readonly unknown[])[],
): Statement {
  const changed = columns.all.filter((column) => !columns.key.includes(column));
  const match = columns.key.map((column) => `${table}.${column} = given.${column}`).join(' AND ');
  return dialect === 'mysql'
    ? mysqlUpdate(table, columns, changed, match, values)
    : sqliteUpdate(table, columns, changed, match, values);
}

function mysqlUpdate(
  table: string,
  { all }: Columns,
  changed: readonly string[],
  match: string,
  values: readonly (readonly unknown[])[],
): Statement {
  const names = all.map((column) => `NULL AS ${column}`).join(', ');
  const rows = values.map((_, index) => `SELECT :row${index}`).join(' UNION ALL ');
  const sets = changed.map((column) => `${table}.${column} = given.${column}`).join(', ');
  return {
    sql: `UPDATE (SELECT ${names} FROM DUAL WHERE FALSE UNION ALL ${rows}) AS given STRAIGHT_JOIN ${table} ON ${match} SET ${sets}`,
    replacements: Object.fromEntries(values.map((row, index) => [`row${index}`, row])),
  };
}

function sqliteUpdate(
  table: string,
  { all }: Columns,
  changed: readonly string[],
  match: string,
  values: readonly (readonly unknown[])[],
): Statement {
  const sets = changed.map((column) => `${column} = given.${column}`).join(', ');
  return {
    sql: `WITH given (${all.join(', ')}) AS (VALUES :values) UPDATE ${table} SET ${sets} FROM given WHERE ${match}`,
    replacements: { values },
  };
}
