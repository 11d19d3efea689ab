import { type Instant, parseInstant } from '@perennial/calendar';
import type { Database } from '@perennial/database';
import { ManualClock } from './clocks';

/**
 * The clock of `CLOCK=manual`, kept with the data. A `start` later than the kept time is time in which
 * the system was down: the clock jumps, and what fell due in between is late, not replayed.
 */
export async function openManualClock(db: Database, start: Instant): Promise<ManualClock> {
  const kept = await db.transaction(async (tx) => {
    const [row] = await tx.select('SELECT now_at FROM manual_clock WHERE id = 1');
    return row ? parseInstant(String(row['nowAt'])) : null;
  });
  const now = kept !== null && kept > start ? kept : start;
  await keep(db, now);
  return new ManualClock(now, (next) => keep(db, next));
}

async function keep(db: Database, now: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    const sql = 'UPDATE manual_clock SET now_at = :now WHERE id = 1';
    const updated = await tx.execute(sql, { now });
    if (updated === 0) await tx.insert('manual_clock', [{ id: 1, nowAt: now }]);
  });
}
