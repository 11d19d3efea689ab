import { Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { z } from 'zod';

const MOST_LIVE = 3;

const Session = z.object({
  /** SHA-256 in hex: who reads the database has no token. */
  tokenHash: z.string(),
  /** Whoever else comes with the token has stolen it. */
  peer: z.string(),
  endsAt: Instant,
});
export type Session = z.output<typeof Session>;

interface UsedNonce {
  readonly nonce: string;
  /** When its proof is too old to be used again anyway. */
  readonly forgetAt: Instant;
}

/**
 * False where the nonce was used, also a moment ago at another instance, which the unique key waits
 * for. Of the sessions before only the newest count from now on; what has ended is forgotten.
 */
export async function openSession(
  provider: string,
  session: Session,
  nonce: UsedNonce,
  now: Instant,
  tx: Tx,
): Promise<boolean> {
  const fresh = await tx.insert('used_nonces', [{ provider, ...nonce }], {
    ignoreDuplicates: true,
  });
  if (fresh === 0) return false;
  await tx.insert('provider_sessions', [{ provider, ...session }]);
  await forgetOld(provider, now, tx);
  return true;
}

const NEWEST = `FROM provider_sessions WHERE provider = :provider
  ORDER BY position DESC LIMIT ${MOST_LIVE}`;

/** Counted at every look, so that no two log-ins at once make one too many. */
export async function newestSessions(provider: string, tx: Tx): Promise<Session[]> {
  const rows = await tx.select(`SELECT token_hash, peer, ends_at ${NEWEST}`, { provider });
  return z.array(Session).parse(rows);
}

async function forgetOld(provider: string, now: Instant, tx: Tx): Promise<void> {
  const newest = await tx.select(`SELECT position ${NEWEST}`, { provider });
  await tx.execute(
    'DELETE FROM provider_sessions WHERE provider = :provider AND position < :oldest',
    { provider, oldest: newest.at(-1)?.['position'] ?? 0 },
  );
  await tx.execute('DELETE FROM used_nonces WHERE provider = :provider AND forget_at <= :now', {
    ...{ provider, now },
  });
}
