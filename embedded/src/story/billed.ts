import { z } from 'zod';
import type { Client } from './client';

const Money = z.object({ amountMinor: z.number(), currency: z.string() });

const BilledPayment = z.object({
  id: z.string(),
  provider: z.string(),
  status: z.string(),
  amount: Money,
  items: z.array(
    z.object({
      subscriptionId: z.string(),
      cycle: z.number(),
      amount: Money,
      status: z.string(),
    }),
  ),
  attempts: z.array(
    z.object({
      status: z.string(),
      settledBy: z.string().nullable(),
      providerReference: z.string().nullable(),
    }),
  ),
  refunds: z.array(
    z.object({
      amount: Money,
      status: z.string(),
      origin: z.string(),
      providerReference: z.string().nullable(),
    }),
  ),
});
export type BilledPayment = z.output<typeof BilledPayment>;

/** Every page of a list. */
export async function all<T>(
  client: Client,
  service: 'billing' | 'notifications' | 'webhooks',
  path: string,
  item: z.ZodType<T>,
): Promise<T[]> {
  const Page = z.object({ data: z.array(item), nextCursor: z.string().nullable() });
  const found: T[] = [];
  for (let cursor = ''; ; ) {
    const page = await client.get(service, `${path}?limit=200${cursor}`, Page);
    found.push(...page.data);
    if (page.nextCursor === null) return found;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

export function billedPayments(client: Client): Promise<BilledPayment[]> {
  return all(client, 'billing', '/payments', BilledPayment);
}
