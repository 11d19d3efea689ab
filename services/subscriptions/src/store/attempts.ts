import type { Tx } from '@perennial/database';

interface Attempt {
  readonly attemptId: string;
  readonly customerId: string;
}

/** One that is known already stays as it is: resolved, perhaps. */
export async function addUnresolved(attempts: readonly Attempt[], tx: Tx): Promise<void> {
  const rows = attempts.map((attempt) => ({ ...attempt, state: 'unresolved' }));
  await tx.insert('attempts', rows, { ignoreDuplicates: true });
}

/** Stands for ever, also when it comes before the word that the attempt was unresolved. */
export async function addResolved(attempts: readonly Attempt[], tx: Tx): Promise<void> {
  const rows = attempts.map((attempt) => ({ ...attempt, state: 'resolved' }));
  await tx.insert('attempts', rows, { ignoreDuplicates: true });
  await tx.update('attempts', ['attemptId'], rows);
}

export async function hasUnresolvedAttempt(customerId: string, tx: Tx): Promise<boolean> {
  const rows = await tx.select(
    `SELECT attempt_id FROM attempts
     WHERE customer_id = :customerId AND state = 'unresolved' LIMIT 1`,
    { customerId },
  );
  return rows.length > 0;
}
