import type { Deed, RunRecord } from '../record';
import type { Site } from './site';

/** What is known from outside of the processes and servers, as of now. */
export function recordOf(
  { clock, outside, databases }: Pick<Site, 'clock' | 'outside' | 'databases'>,
  startedAt: RunRecord['startedAt'],
  deeds: readonly Deed[],
): RunRecord {
  const { calls, mails, books, outages } = outside;
  return {
    ...{ startedAt, now: clock.now(), deeds, calls, mails, books, outages, messages: null },
    rows: (service, sql) => databases[service].transaction((tx) => tx.select(sql)),
  };
}
