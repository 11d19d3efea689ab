import type { Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import { Delivery } from './domain/delivery';

/** A delivery with what only this service needs: who took the event id, and what was said. */
const StoredDelivery = Delivery.extend({
  slot: z.string(),
  fingerprint: z.string(),
  /** Base64 of the bytes. */
  body: z.string(),
  messageId: z.string().nullable(),
});
export type StoredDelivery = z.infer<typeof StoredDelivery>;
export type NewDelivery = Omit<StoredDelivery, 'publishedAt' | 'replays'>;
export type Holder = Pick<StoredDelivery, 'id' | 'slot' | 'fingerprint'>;

/**
 * Leaves out those whose slot is taken; returns how many were stored. In the order of the slots, so that
 * no two batches wait for each other.
 */
export async function insertDeliveries(rows: readonly NewDelivery[], tx: Tx): Promise<number> {
  if (rows.length === 0) return 0;
  const fresh = rows
    .map((row) => ({ ...row, publishedAt: null, replays: 0 }))
    .sort((a, b) => (a.slot === b.slot ? 0 : a.slot < b.slot ? -1 : 1));
  return tx.insert('deliveries', fresh, { ignoreDuplicates: true });
}

const HolderRow = z.object({ id: z.string(), slot: z.string(), fingerprint: z.string() });

export async function holdersOf(
  provider: string,
  rows: readonly { readonly slot: string }[],
  tx: Tx,
): Promise<Holder[]> {
  const slots = rows.map(({ slot }) => slot);
  const found = await tx.select(
    'SELECT id, slot, fingerprint FROM deliveries WHERE provider = :provider AND slot IN (:slots)',
    { provider, slots },
  );
  return z.array(HolderRow).parse(found);
}

/** `lock` is the transaction's `forUpdate` where the delivery will be changed. */
export async function findDelivery(id: string, tx: Tx, lock = ''): Promise<StoredDelivery | null> {
  const [row] = await tx.select(`SELECT * FROM deliveries WHERE id = :id${lock}`, { id });
  return row === undefined ? null : StoredDelivery.parse(row);
}

const CONDITIONS = {
  provider: 'provider = :provider',
  status: 'status = :status',
  type: 'type = :type',
  reference: 'reference = :reference',
  from: 'received_at >= :from',
  to: 'received_at < :to',
} as const;

type DeliveryFilter = {
  readonly [Name in keyof typeof CONDITIONS]?: string | undefined;
};

/** Newest first, from `cursor` on: the id of the last one seen. */
export async function listDeliveries(
  filter: DeliveryFilter,
  { limit, cursor = '~' }: { readonly limit: number; readonly cursor?: string | undefined },
  tx: Tx,
): Promise<Delivery[]> {
  const given = Object.entries(CONDITIONS).filter(([name]) => name in filter);
  const where = ['id < :cursor', ...given.map(([, condition]) => condition)].join(' AND ');
  const rows = await tx.select(
    `SELECT * FROM deliveries WHERE ${where} ORDER BY id DESC LIMIT :limit`,
    { ...filter, limit, cursor },
  );
  return z.array(Delivery).parse(rows);
}

export async function saveDelivery(delivery: StoredDelivery, tx: Tx): Promise<void> {
  await tx.update('deliveries', ['id'], [delivery]);
}

/** Called in the transaction in which the relay marks its messages. */
export async function markPublished(
  messageIds: readonly string[],
  publishedAt: Instant,
  tx: Tx,
): Promise<void> {
  await tx.execute(
    `UPDATE deliveries SET status = 'published', published_at = :publishedAt
     WHERE message_id IN (:messageIds) AND status = 'pending'`,
    { messageIds, publishedAt },
  );
}
