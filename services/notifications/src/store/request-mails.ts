import type { Instant } from '@perennial/calendar';
import type { Ids } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import { ENTITY_OF, type MailKind } from '../domain/mail';
import type { Statement } from '../domain/statement';

/** A mail that shall be sent, from now on. */
export interface MailRequest {
  readonly entityId: string;
  readonly customerId: string;
  /** Of the message that says it: of two about one entity the higher counts. */
  readonly version: number;
  readonly statement: Statement;
}

/**
 * All of one kind. Where there is such a mail already, a newer word replaces what it says, as long as
 * it was not sent; one that was dropped has become true again and waits anew.
 */
export async function requestMails(
  kind: MailKind,
  requests: readonly MailRequest[],
  { ids, now }: { readonly ids: Ids; readonly now: Instant },
  tx: Tx,
): Promise<void> {
  const newest = newestOfEach(requests);
  if (newest.length === 0) return;
  const rows = newest.map(({ entityId, customerId, version, statement }) => ({
    ...{ id: ids(), kind, entityType: ENTITY_OF[kind], entityId, customerId, version },
    data: JSON.stringify(statement.data),
    ...{ status: 'pending', attempts: 0, dueAt: now, createdAt: now, sentAt: null },
  }));
  const inserted = await tx.insert('mails', rows, { ignoreDuplicates: true });
  if (inserted < rows.length) await renew(kind, newest, now, tx);
}

function newestOfEach(requests: readonly MailRequest[]): MailRequest[] {
  const newest = new Map<string, MailRequest>();
  for (const request of requests) {
    const known = newest.get(request.entityId);
    if (!known || known.version < request.version) newest.set(request.entityId, request);
  }
  return [...newest.values()];
}

const UnsentRow = z.object({
  id: z.string(),
  entityId: z.string(),
  version: z.number(),
  status: z.enum(['pending', 'dropped']),
  attempts: z.number(),
  dueAt: z.string().nullable(),
});

async function renew(
  kind: MailKind,
  requests: readonly MailRequest[],
  now: Instant,
  tx: Tx,
): Promise<void> {
  const byEntity = new Map(requests.map((request) => [request.entityId, request]));
  const unsent = await tx.select(
    `SELECT id, entity_id, version, status, attempts, due_at FROM mails
     WHERE kind = :kind AND entity_type = :entityType AND entity_id IN (:entityIds)
       AND status IN ('pending', 'dropped')${tx.forUpdate}`,
    { kind, entityType: ENTITY_OF[kind], entityIds: [...byEntity.keys()] },
  );
  const renewed = z
    .array(UnsentRow)
    .parse(unsent)
    .flatMap((row) => {
      const request = byEntity.get(row.entityId);
      if (!request || request.version <= row.version) return [];
      const { id, attempts, dueAt } = row;
      const data = JSON.stringify(request.statement.data);
      const wait = row.status === 'pending' ? { attempts, dueAt } : { attempts: 0, dueAt: now };
      return [{ id, data, version: request.version, status: 'pending', ...wait }];
    });
  if (renewed.length > 0) await tx.update('mails', ['id'], renewed);
}
