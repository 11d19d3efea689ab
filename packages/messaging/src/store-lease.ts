import type { Tx } from '@perennial/database';
import { z } from 'zod';

const Lease = z.object({
  holder: z.string().nullable(),
  epoch: z.number(),
  untilMs: z.number(),
  leftMs: z.number(),
});

export interface Claim {
  readonly holder: string;
  readonly leaseMs: number;
}

/** `taken`: it was somebody else's until now, so what was read before may have been sent since. */
export type Hold = { readonly epoch: number; readonly taken: boolean } | null;

/**
 * Makes `holder` the one that sends, or keeps it so; null while another one is. By the database's
 * clock, since those of processes differ. Writes only when less than half of the time is left.
 */
export async function holdLease({ holder, leaseMs }: Claim, tx: Tx): Promise<Hold> {
  const before = await readLease(tx);
  const taken = before.holder !== holder;
  if (taken && before.holder !== null && before.leftMs > 0) return null;
  if (!taken && before.leftMs > leaseMs / 2) return { epoch: before.epoch, taken };
  const epoch = before.epoch + (taken ? 1 : 0);
  const met = await tx.execute(
    `UPDATE relay_lease SET holder = :holder, epoch = :epoch, until_ms = ${tx.databaseNowMs} + :leaseMs
     WHERE id = 1 AND epoch = :lastEpoch AND until_ms = :untilMs`,
    { holder, epoch, leaseMs, lastEpoch: before.epoch, untilMs: before.untilMs },
  );
  return met === 1 ? { epoch, taken } : null;
}

/** Locks the lease until the transaction ends; false when it has passed to another relay. */
export async function renewLease({ holder, leaseMs }: Claim, epoch: number, tx: Tx) {
  const met = await tx.execute(
    `UPDATE relay_lease SET until_ms = ${tx.databaseNowMs} + :leaseMs
     WHERE id = 1 AND holder = :holder AND epoch = :epoch`,
    { holder, epoch, leaseMs },
  );
  return met === 1;
}

export async function releaseLease(holder: string, tx: Tx): Promise<void> {
  await tx.execute(
    'UPDATE relay_lease SET holder = NULL, until_ms = 0 WHERE id = 1 AND holder = :holder',
    { holder },
  );
}

async function readLease(tx: Tx) {
  const [row] = await tx.select(
    `SELECT holder, epoch, until_ms, until_ms - ${asSigned(tx)} AS left_ms
     FROM relay_lease WHERE id = 1`,
  );
  return Lease.parse(row);
}

/** MySQL refuses a difference below zero when one side is unsigned. */
function asSigned({ databaseNowMs }: Tx): string {
  return `CAST(${databaseNowMs} AS SIGNED)`;
}
