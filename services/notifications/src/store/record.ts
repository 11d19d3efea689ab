import type { Tx } from '@perennial/database';
import type { Uncollected } from '../domain/known';

export async function recordUncollected(items: readonly Uncollected[], tx: Tx): Promise<void> {
  const rows = items.map(({ amount, ...of }) => ({ ...of, ...amount }));
  await tx.insert('uncollected', rows, { ignoreDuplicates: true });
}

export async function recordErased(customerIds: readonly string[], tx: Tx): Promise<void> {
  const rows = customerIds.map((customerId) => ({ customerId }));
  await tx.insert('erased_customers', rows, { ignoreDuplicates: true });
}
