import { Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { z } from 'zod';

export const FailedState = z.enum(['retrying', 'parked', 'discarded']);
export type FailedState = z.output<typeof FailedState>;

const FailedRow = z.object({
  id: z.string(),
  type: z.string(),
  state: FailedState,
  attempts: z.number(),
  nextTryAt: Instant.nullable(),
  error: z.string(),
  firstFailedAt: Instant,
  discardReason: z.string().nullable(),
  /** Of our own message that cannot be sent: the subject that waits for it in the outbox. */
  heldSubject: z.string().nullable(),
  /** As it came, which may not even be JSON. */
  body: z.string(),
});
export type FailedRow = z.output<typeof FailedRow>;

export interface FailedFilter {
  /** Absent: all that wait for something. */
  readonly state?: FailedState | undefined;
  readonly type?: string | undefined;
  readonly limit: number;
  /** The id of the last one seen. */
  readonly cursor?: string | undefined;
}

export async function insertFailed(rows: readonly FailedRow[], tx: Tx): Promise<void> {
  await tx.insert('failed_messages', rows);
}

export async function saveFailed(row: FailedRow, tx: Tx): Promise<void> {
  await tx.update('failed_messages', ['id'], [row]);
}

export async function deleteFailed(id: string, tx: Tx): Promise<void> {
  await tx.execute('DELETE FROM failed_messages WHERE id = :id', { id });
}

export async function findFailed(id: string, tx: Tx): Promise<FailedRow | null> {
  const [row] = await tx.select('SELECT * FROM failed_messages WHERE id = :id', { id });
  return row ? FailedRow.parse(row) : null;
}

/** Null when it is settled: handled, sent or discarded. */
export async function lockWaiting(id: string, tx: Tx): Promise<FailedRow | null> {
  const sql = `SELECT * FROM failed_messages WHERE id = :id AND state <> 'discarded'`;
  const [row] = await tx.select(sql + tx.forUpdate, { id });
  return row ? FailedRow.parse(row) : null;
}

/** By id, which for all but unreadable messages is by the time of their making; newest first. */
export async function listFailed(filter: FailedFilter, tx: Tx): Promise<FailedRow[]> {
  const { state, type, limit, cursor } = filter;
  const states = state === undefined ? ['retrying', 'parked'] : [state];
  const ofType = type === undefined ? '' : 'AND type = :type';
  const onward = cursor === undefined ? '' : 'AND id < :cursor';
  const rows = await tx.select(
    `SELECT * FROM failed_messages WHERE state IN (:states) ${ofType} ${onward}
     ORDER BY id DESC LIMIT :limit`,
    { states, type, cursor, limit },
  );
  return rows.map((row) => FailedRow.parse(row));
}

export const FIRST_DUE = `
  SELECT id, next_try_at FROM failed_messages
  WHERE state = 'retrying' AND next_try_at <= :until ORDER BY next_try_at LIMIT :limit`;

export async function dueIds(until: Instant, limit: number, tx: Tx): Promise<string[]> {
  const rows = await tx.select(FIRST_DUE, { until, limit });
  return rows.map(({ id }) => String(id));
}

const END_OF_TIME = '9999-12-31T23:59:59.999Z';

export async function nextDueAt(tx: Tx): Promise<Instant | null> {
  const [row] = await tx.select(FIRST_DUE, { until: END_OF_TIME, limit: 1 });
  return row ? Instant.parse(row['nextTryAt']) : null;
}

export async function countFailed(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx.select(
    'SELECT state, COUNT(*) AS size FROM failed_messages GROUP BY state',
  );
  return new Map(rows.map((row) => [String(row['state']), Number(row['size'])]));
}
