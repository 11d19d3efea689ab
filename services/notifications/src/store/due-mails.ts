import { Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import { MailKind } from '../domain/mail';
import type { Progress } from '../domain/progress';
import { Statement } from '../domain/statement';

const DueRow = z
  .object({
    id: z.string(),
    kind: MailKind,
    entityId: z.string(),
    customerId: z.string(),
    data: z.string(),
    attempts: z.number(),
  })
  .transform(({ kind, data, ...mail }) => ({
    ...mail,
    statement: Statement.parse({ kind, data: JSON.parse(data) }),
  }));
export type DueMail = z.output<typeof DueRow>;

const DUE = `SELECT id, kind, entity_id, customer_id, data, attempts FROM mails
  WHERE status = 'pending' AND due_at <= :now ORDER BY due_at LIMIT :limit`;

/** Passes over what another replica has locked. */
export async function lockDueMails(now: Instant, limit: number, tx: Tx): Promise<DueMail[]> {
  const rows = await tx.select(DUE + tx.forUpdateSkipLocked, { now, limit });
  return z.array(DueRow).parse(rows);
}

const NEXT_DUE = `SELECT due_at FROM mails WHERE status = 'pending' ORDER BY due_at LIMIT 1`;

export async function nextDueAt(tx: Tx): Promise<Instant | null> {
  const [row] = await tx.select(NEXT_DUE);
  return row === undefined ? null : Instant.parse(row['dueAt']);
}

export async function saveProgress(mails: readonly Progress[], tx: Tx): Promise<void> {
  if (mails.length === 0) return;
  const rows = mails.map((mail) => ({
    ...{ id: mail.id, status: mail.status, attempts: mail.attempts },
    dueAt: mail.status === 'pending' ? mail.dueAt : null,
    sentAt: mail.status === 'sent' ? mail.sentAt : null,
  }));
  await tx.update('mails', ['id'], rows);
}
