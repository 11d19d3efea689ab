import type { Database } from '@perennial/database';
import type { StoredEntry } from './entry';
import { entriesAfter } from './store';

const ENTRIES_PER_PAGE = 1000;

/** Shows every entry in the order of writing, page by page: the last one of an entity is its state. */
export async function foldAudit(
  db: Database,
  visit: (entry: StoredEntry) => void,
): Promise<number> {
  let position = 0;
  for (let entries = 0; ; ) {
    const page = await db.transaction((tx) => entriesAfter(position, ENTRIES_PER_PAGE, tx));
    for (const entry of page) visit(entry);
    entries += page.length;
    const last = page.at(-1);
    if (!last || page.length < ENTRIES_PER_PAGE) return entries;
    position = last.position;
  }
}
