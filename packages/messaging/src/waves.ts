/**
 * Splits rows so that each subject is in a wave once, its first in the first wave. A wave is sent as
 * a whole; only when it has arrived does the next one go, so the order within a subject is kept.
 */
export function waves<Row extends { readonly subject: string }>(rows: readonly Row[]): Row[][] {
  const result: Row[][] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const turn = seen.get(row.subject) ?? 0;
    seen.set(row.subject, turn + 1);
    const wave = result[turn];
    if (wave) wave.push(row);
    else result.push([row]);
  }
  return result;
}
