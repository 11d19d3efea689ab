/** What a statement has to do with tables. */
export interface Touch {
  readonly writes: boolean;
  readonly tables: readonly string[];
}

const known = new Map<string, Touch>();

/** Read off the text of a statement, which names each table behind one of a few words. */
export function touchOf(sql: string): Touch {
  const before = known.get(sql);
  if (before) return before;
  const found = sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)/g);
  const touch = {
    writes: /\b(INSERT|UPDATE|DELETE)\b/.test(sql),
    tables: [...new Set([...found].map(([, table = '']) => table))],
  };
  known.set(sql, touch);
  return touch;
}
