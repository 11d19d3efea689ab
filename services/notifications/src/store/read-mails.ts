import type { Tx } from '@perennial/database';
import { z } from 'zod';
import { Mail } from '../domain/mail';

const COLUMNS = `id, kind, entity_type, entity_id, customer_id, status, attempts, created_at, sent_at`;

const MailRow = z
  .looseObject({ entityType: z.string(), entityId: z.string() })
  .transform(({ entityType: type, entityId: id, ...mail }) => ({ ...mail, entity: { type, id } }))
  .pipe(Mail);

export async function findMail(id: string, tx: Tx): Promise<Mail | null> {
  const [row] = await tx.select(
    `SELECT ${COLUMNS} FROM mails WHERE id = :id AND status <> 'dropped'`,
    { id },
  );
  return row === undefined ? null : MailRow.parse(row);
}

const CONDITIONS = {
  customerId: 'customer_id = :customerId',
  kind: 'kind = :kind',
  status: 'status = :status',
} as const;

type MailFilter = { readonly [Name in keyof typeof CONDITIONS]?: string | undefined };

/** Newest first, from `cursor` on: the id of the last one seen. */
export async function listMails(
  filter: MailFilter,
  { limit, cursor = '~' }: { readonly limit: number; readonly cursor?: string | undefined },
  tx: Tx,
): Promise<Mail[]> {
  const given = Object.entries(CONDITIONS).filter(([name]) => name in filter);
  const asked = given.map(([, condition]) => condition);
  const where = ['id < :cursor', "status <> 'dropped'", ...asked].join(' AND ');
  const rows = await tx.select(
    `SELECT ${COLUMNS} FROM mails WHERE ${where} ORDER BY id DESC LIMIT :limit`,
    { ...filter, limit, cursor },
  );
  return z.array(MailRow).parse(rows);
}
