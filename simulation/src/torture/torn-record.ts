import type { RunRecord } from '../record';
import type { Population } from './population';
import { published } from './published';
import type { Site } from './site';

/** What is known from outside of the processes and servers, as of now. */
export async function recordOf(
  { clock, outside, databases }: Pick<Site, 'clock' | 'outside' | 'databases'>,
  startedAt: RunRecord['startedAt'],
  { deeds, refusals }: Pick<Population, 'deeds' | 'refusals'>,
): Promise<RunRecord> {
  const messages = await published(databases);
  const { calls, mails, books, acknowledged } = outside;
  return {
    ...{ startedAt, now: clock.now(), deeds, refusals, calls, mails, books },
    // Its clock is moved in jumps: how long something takes cannot be told.
    ...{ messages, acknowledged, taken: [], pauses: [], healedAt: null },
    tables: async (service) => {
      const rows = await databases[service].transaction((tx) => tx.select('SHOW TABLES'));
      return rows.map((row) => String(Object.values(row)[0]));
    },
    rows: (service, sql) => databases[service].transaction((tx) => tx.select(sql)),
  };
}
