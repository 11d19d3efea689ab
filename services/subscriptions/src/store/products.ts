import { Instant } from '@perennial/calendar';
import type { Money } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { z } from 'zod';

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly unitPrice: Money;
  readonly createdAt: Instant;
}

const ProductRow = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    priceMinor: z.number(),
    priceCurrency: z.string(),
    createdAt: Instant,
  })
  .transform(({ priceMinor, priceCurrency, ...product }) => ({
    ...product,
    unitPrice: { amountMinor: priceMinor, currency: priceCurrency },
  }));

export async function insertProduct({ unitPrice, ...product }: Product, tx: Tx): Promise<void> {
  const price = { priceMinor: unitPrice.amountMinor, priceCurrency: unitPrice.currency };
  await tx.insert('products', [{ ...product, ...price }]);
}

export async function findProduct(id: string, tx: Tx): Promise<Product | null> {
  const [row] = await tx.select('SELECT * FROM products WHERE id = :id', { id });
  return row === undefined ? null : ProductRow.parse(row);
}

/** Newest first, from `cursor` on: the id of the last one seen. */
export async function products(
  { limit, cursor = '~' }: { limit: number; cursor?: string | undefined },
  tx: Tx,
): Promise<Product[]> {
  const rows = await tx.select(
    'SELECT * FROM products WHERE id < :cursor ORDER BY id DESC LIMIT :limit',
    { cursor, limit },
  );
  return rows.map((row) => ProductRow.parse(row));
}
