import { CalendarDate } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { z } from 'zod';

const DayRow = z.object({ provider: z.string(), day: CalendarDate });

/** By provider, up to which local day the timer has made reconciliations. */
export async function reconciledDays(tx: Tx): Promise<Map<string, CalendarDate>> {
  const rows = await tx.select('SELECT provider, day FROM reconciled_days');
  return new Map(rows.map((row) => DayRow.parse(row)).map(({ provider, day }) => [provider, day]));
}

/** Replicas take turns. A provider that is seen for the first time begins with `newest` as done. */
export async function lockReconciledDay(
  provider: string,
  newest: CalendarDate,
  tx: Tx,
): Promise<CalendarDate> {
  await tx.insert('reconciled_days', [{ provider, day: newest }], { ignoreDuplicates: true });
  const sql = `SELECT provider, day FROM reconciled_days WHERE provider = :provider${tx.forUpdate}`;
  const [row] = await tx.select(sql, { provider });
  return DayRow.parse(row).day;
}

export async function saveReconciledDay(
  provider: string,
  day: CalendarDate,
  tx: Tx,
): Promise<void> {
  await tx.update('reconciled_days', ['provider'], [{ provider, day }]);
}
