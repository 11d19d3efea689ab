import { Instant } from '@perennial/calendar';
import type { ServiceName } from '@perennial/contracts';
import type { Tx } from '@perennial/database';

/** Another transaction has taken one of the messages since we looked: look again in a new one. */
export class TakenMeanwhile extends Error {
  override readonly name = 'TakenMeanwhile';
}

/** Takes the messages that nobody has taken before and answers their ids. Waits for one who is at it. */
export async function takeNew(
  consumer: ServiceName,
  messageIds: readonly string[],
  receivedAt: Instant,
  tx: Tx,
): Promise<ReadonlySet<string>> {
  const known = await tx.select(
    'SELECT message_id FROM inbox WHERE consumer = :consumer AND message_id IN (:messageIds)',
    { consumer, messageIds },
  );
  const fresh = new Set(messageIds);
  for (const { messageId } of known) fresh.delete(String(messageId));
  const rows = [...fresh].map((messageId) => ({ consumer, messageId, receivedAt }));
  const taken = await tx.insert('inbox', rows, { ignoreDuplicates: true });
  if (taken !== fresh.size) throw new TakenMeanwhile();
  return fresh;
}

export async function oldestReceivedAt(tx: Tx): Promise<Instant | null> {
  const [row] = await tx.select('SELECT received_at FROM inbox ORDER BY received_at LIMIT 1');
  return row ? Instant.parse(row['receivedAt']) : null;
}

/** Of a bounded number, so that no lock is held for long; answers how many. */
export async function forgetReceivedUntil(until: Instant, limit: number, tx: Tx): Promise<number> {
  const old = await tx.select(
    `SELECT message_id FROM inbox WHERE received_at <= :until
     ORDER BY received_at LIMIT :limit`,
    { until, limit },
  );
  if (old.length === 0) return 0;
  const messageIds = old.map(({ messageId }) => messageId);
  return tx.execute(
    'DELETE FROM inbox WHERE message_id IN (:messageIds) AND received_at <= :until',
    {
      messageIds,
      until,
    },
  );
}
