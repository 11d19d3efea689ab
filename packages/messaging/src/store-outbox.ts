import type { Envelope } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { z } from 'zod';

const Waiting = z.object({
  position: z.number(),
  messageId: z.string(),
  type: z.string(),
  subject: z.string(),
  refusals: z.number(),
  body: z.string(),
});
/** A message in the outbox. */
export type Waiting = z.output<typeof Waiting>;

export async function insertOutbox(envelopes: readonly Envelope[], tx: Tx): Promise<void> {
  const rows = envelopes.map((envelope) => ({
    messageId: envelope.id,
    type: envelope.type,
    subject: envelope.subject,
    refusals: 0,
    body: JSON.stringify(envelope),
  }));
  await tx.insert('outbox', rows);
}

/**
 * In the order of writing, without the subjects that are held back. `after` goes on within one
 * reading only: transactions do not commit in the order of their positions.
 */
export const READ_OUTBOX = `
  SELECT position, message_id, type, subject, refusals, body FROM outbox
  WHERE position > :after
    AND NOT EXISTS (SELECT 1 FROM failed_messages WHERE held_subject = outbox.subject)
  ORDER BY position LIMIT :limit`;

export async function readOutbox(after: number, limit: number, tx: Tx): Promise<Waiting[]> {
  const rows = await tx.select(READ_OUTBOX, { after, limit });
  return rows.map((row) => Waiting.parse(row));
}

export async function deleteFromOutbox(messageIds: readonly string[], tx: Tx): Promise<void> {
  if (messageIds.length === 0) return;
  await tx.execute('DELETE FROM outbox WHERE message_id IN (:messageIds)', { messageIds });
}

export async function countRefusals(refused: readonly Waiting[], tx: Tx): Promise<void> {
  const rows = refused.map(({ position, refusals }) => ({ position, refusals: refusals + 1 }));
  await tx.update('outbox', ['position'], rows);
}

export async function outboxSize(tx: Tx): Promise<number> {
  const [row] = await tx.select('SELECT COUNT(*) AS size FROM outbox');
  return Number(row?.['size']);
}
