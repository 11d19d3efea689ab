import type { CalendarDate } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import type { Schedule } from '../domain/schedule';
import { scheduleOf } from './account-rows';

export async function findSchedule(subscriptionId: string, tx: Tx): Promise<Schedule | null> {
  const [row] = await tx.select('SELECT * FROM schedules WHERE subscription_id = :subscriptionId', {
    subscriptionId,
  });
  return row ? scheduleOf(row) : null;
}

/** Live ones whose next billing date is not after `to`, after the one given by `after`, in order of ids. */
export async function schedulesUntil(
  to: CalendarDate,
  { after, limit }: { readonly after: string; readonly limit: number },
  tx: Tx,
): Promise<Schedule[]> {
  const rows = await tx.select(
    `SELECT * FROM schedules WHERE state = 'live' AND next_billing_date <= :to
       AND subscription_id > :after ORDER BY subscription_id LIMIT :limit`,
    { to, after, limit },
  );
  return rows.map(scheduleOf);
}
