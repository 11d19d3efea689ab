import type { Clock, Timer } from '@perennial/calendar';
import type { Database, Tx } from '@perennial/database';
import { FIRST_HASH, hashOf } from './entry';
import { readHead, unsealed } from './store';

const ENTRIES_PER_SEAL = 500;

/**
 * Gives new entries their place in the chain, off the hot path. The locked head lets one sealer at a
 * time, of however many replicas; each transaction seals a bounded number.
 */
export function sealer(db: Database, clock: Clock): Timer {
  return {
    name: 'seal-audit',
    everyMs: 2_000,
    nextAt: () =>
      db.transaction(async (tx) => ((await unsealed(1, tx)).length > 0 ? clock.now() : null)),
    run: async () => {
      while ((await db.transaction(seal)) === ENTRIES_PER_SEAL);
    },
  };
}

async function seal(tx: Tx): Promise<number> {
  let head = await lockedHead(tx);
  const entries = await unsealed(ENTRIES_PER_SEAL, tx);
  const rows = entries.map((entry) => {
    const seq = head.seq + 1;
    head = { seq, hash: hashOf(head.hash, seq, entry) };
    return { id: entry.id, sealed: 1, ...head };
  });
  await tx.update('audit_entries', ['id'], rows);
  if (rows.length > 0) await tx.update('audit_head', ['id'], [{ id: 1, ...head }]);
  return rows.length;
}

async function lockedHead(tx: Tx) {
  const head = await readHead(tx, tx.forUpdate);
  if (head) return head;
  const first = { seq: 0, hash: FIRST_HASH };
  await tx.insert('audit_head', [{ id: 1, ...first }], { ignoreDuplicates: true });
  return (await readHead(tx, tx.forUpdate)) ?? first;
}
