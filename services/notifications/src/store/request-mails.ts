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
  const about = { kind, entityType: ENTITY_OF[kind] };
  const unknown = await renew(about, newestOfEach(requests), now, tx);
  const rows = unknown.map(({ entityId, customerId, version, statement }) => ({
    ...{ id: ids(), ...about, entityId, customerId, version },
    data: JSON.stringify(statement.data),
    ...{ status: 'pending', attempts: 0, dueAt: now, createdAt: now, sentAt: null },
  }));
  const inserted = await tx.insert('mails', rows, { ignoreDuplicates: true });
  // Somebody else was first, and has committed by now.
  if (inserted < rows.length) await renew(about, unknown, now, tx);
}

function newestOfEach(requests: readonly MailRequest[]): MailRequest[] {
  const newest = new Map<string, MailRequest>();
  for (const request of requests) {
    const known = newest.get(request.entityId);
    if (!known || known.version < request.version) newest.set(request.entityId, request);
  }
  return [...newest.values()];
}

const KnownRow = z.object({
  id: z.string(),
  entityId: z.string(),
  version: z.number(),
  status: z.string(),
  attempts: z.number(),
  dueAt: z.string().nullable(),
});

/** Answers the requests for which there is no mail yet. */
async function renew(
  about: { readonly kind: MailKind; readonly entityType: string },
  requests: readonly MailRequest[],
  now: Instant,
  tx: Tx,
): Promise<MailRequest[]> {
  if (requests.length === 0) return [];
  const byEntity = new Map(requests.map((request) => [request.entityId, request]));
  const found = await tx.select(
    `SELECT id, entity_id, version, status, attempts, due_at FROM mails
     WHERE kind = :kind AND entity_type = :entityType AND entity_id IN (:entityIds)
     ORDER BY entity_id${tx.forUpdate}`,
    { ...about, entityIds: [...byEntity.keys()] },
  );
  const known = z.array(KnownRow).parse(found);
  const renewed = known.flatMap((row) => {
    const request = byEntity.get(row.entityId);
    const isOver = row.status === 'sent' || row.status === 'failed';
    if (isOver || !request || request.version <= row.version) return [];
    const { id, attempts, dueAt } = row;
    const data = JSON.stringify(request.statement.data);
    const wait = row.status === 'pending' ? { attempts, dueAt } : { attempts: 0, dueAt: now };
    return [{ id, data, version: request.version, status: 'pending', ...wait }];
  });
  if (renewed.length > 0) await tx.update('mails', ['id'], renewed);
  for (const { entityId } of known) byEntity.delete(entityId);
  return [...byEntity.values()];
}
