import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { Refund } from '../domain/refund';
import { RefundRow } from './refund-rows';

export async function findRefund(id: string, tx: Tx): Promise<Refund | null> {
  const [row] = await tx.select('SELECT * FROM refunds WHERE id = :id', { id });
  return row ? RefundRow.parse(row) : null;
}

const Place = z.object({ paymentId: z.string(), customerId: z.string() });

/** Whose account has to be locked for it, and with which payment. */
export async function placeOfRefund(id: string, tx: Tx): Promise<z.output<typeof Place> | null> {
  const [row] = await tx.select(
    `SELECT refunds.payment_id, payments.customer_id
     FROM refunds JOIN payments ON payments.id = refunds.payment_id WHERE refunds.id = :id`,
    { id },
  );
  return row ? Place.parse(row) : null;
}
