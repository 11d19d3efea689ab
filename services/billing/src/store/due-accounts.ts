import { addMs, Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';

/** Customers of this provider, longest due first. */
export async function lockDueAccounts(
  provider: string,
  now: Instant,
  limit: number,
  tx: Tx,
): Promise<string[]> {
  const rows = await tx.select(
    `SELECT customer_id FROM accounts WHERE provider = :provider AND due_at <= :now
     ORDER BY due_at LIMIT :limit${tx.forUpdateSkipLocked}`,
    { provider, now, limit },
  );
  return rows.map(({ customerId }) => String(customerId));
}

export async function nextDueAt(provider: string, tx: Tx): Promise<Instant | null> {
  const [row] = await tx.select(
    `SELECT due_at FROM accounts WHERE provider = :provider AND due_at IS NOT NULL
     ORDER BY due_at LIMIT 1`,
    { provider },
  );
  return row ? Instant.parse(row['dueAt']) : null;
}

export async function postpone(
  customerId: string,
  byMs: number,
  now: Instant,
  tx: Tx,
): Promise<void> {
  await tx.execute('UPDATE accounts SET due_at = :dueAt WHERE customer_id = :customerId', {
    customerId,
    dueAt: addMs(now, byMs),
  });
}
