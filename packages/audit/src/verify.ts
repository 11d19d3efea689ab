import type { Database } from '@perennial/database';
import { FIRST_HASH, hashOf } from './entry';
import { type Head, readHead, sealedAfter, sealedOutside } from './store';

const ENTRIES_PER_PAGE = 1000;

export interface Verification {
  /** How many sealed entries were walked. */
  readonly entries: number;
  readonly ok: boolean;
  /** The id of the first entry that was altered, or stands where one was removed or inserted. */
  readonly firstBadEntry?: string;
}

/** Walks the chain page by page, up to the head as it is now, then looks for entries outside of it. */
export async function verifyAudit(db: Database): Promise<Verification> {
  const chain = await walk(db);
  const outside = chain.ok ? await db.transaction(sealedOutside) : null;
  return outside === null ? chain : { ...chain, ok: false, firstBadEntry: outside };
}

async function walk(db: Database): Promise<Verification> {
  const end = (await db.transaction((tx) => readHead(tx))) ?? { seq: 0, hash: FIRST_HASH };
  let last: Head = { seq: 0, hash: FIRST_HASH };
  while (last.seq < end.seq) {
    const page = await db.transaction((tx) => sealedAfter(last.seq, ENTRIES_PER_PAGE, tx));
    for (const entry of page) {
      const seq = last.seq + 1;
      const hash = hashOf(last.hash, seq, entry);
      if (entry.seq !== seq || entry.hash !== hash) {
        return { entries: last.seq, ok: false, firstBadEntry: entry.id };
      }
      last = { seq, hash };
      if (seq === end.seq) break;
    }
    if (page.length === 0)
      return { entries: last.seq, ok: false, firstBadEntry: 'the end is missing' };
  }
  return end.hash === last.hash
    ? { entries: last.seq, ok: true }
    : { entries: last.seq, ok: false, firstBadEntry: 'the head' };
}
