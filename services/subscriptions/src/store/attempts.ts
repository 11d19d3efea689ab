import type { Tx } from '@perennial/database';

/** What billing told of the outcome of an attempt. */
export interface AttemptWord {
  readonly attemptId: string;
  readonly customerId: string;
  readonly state: 'unresolved' | 'resolved';
  readonly version: number;
}

/**
 * Keeps the newest word about each attempt, in whatever order they come: one that was found nowhere and
 * sent again may be open once more.
 */
export async function keepNewest(words: readonly AttemptWord[], tx: Tx): Promise<void> {
  const newest = [...newestOfEach(words).values()].map((word) => ({ ...word }));
  await tx.insert('attempts', newest, { ignoreDuplicates: true });
  const ids = newest.map(({ attemptId }) => attemptId);
  const known = await lockVersions(ids, tx);
  const newer = newest.filter(({ attemptId, version }) => version > (known.get(attemptId) ?? 0));
  await tx.update('attempts', ['attemptId'], newer);
}

function newestOfEach(words: readonly AttemptWord[]): Map<string, AttemptWord> {
  const newest = new Map<string, AttemptWord>();
  for (const word of words) {
    const known = newest.get(word.attemptId);
    if (!known || word.version > known.version) newest.set(word.attemptId, word);
  }
  return newest;
}

async function lockVersions(attemptIds: readonly string[], tx: Tx): Promise<Map<string, number>> {
  const rows = await tx.select(
    `SELECT attempt_id, version FROM attempts WHERE attempt_id IN (:attemptIds)
     ORDER BY attempt_id${tx.forUpdate}`,
    { attemptIds },
  );
  return new Map(rows.map(({ attemptId, version }) => [String(attemptId), Number(version)]));
}

export async function hasUnresolvedAttempt(customerId: string, tx: Tx): Promise<boolean> {
  const rows = await tx.select(
    `SELECT attempt_id FROM attempts
     WHERE customer_id = :customerId AND state = 'unresolved' LIMIT 1`,
    { customerId },
  );
  return rows.length > 0;
}
