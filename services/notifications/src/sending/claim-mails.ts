import { addMs } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import type { Context } from '../context';
import type { Progress } from '../domain/progress';
import { trueNow } from '../domain/truth';
import { type DueMail, lockDueMails, saveProgress } from '../store/due-mails';
import { knownAbout } from '../store/known';

/** After this a mail whose sender died is sent by another, under the same key. */
const LEASE_MS = 5 * 60_000;

/**
 * Takes mails that are due, with what they say as it is true now, and drops those that no longer are.
 * They are committed as tried before anything is sent: a crash repeats a mail, and never loses one.
 */
export async function claimMails(
  limit: number,
  { clock, time }: Context,
  tx: Tx,
): Promise<DueMail[]> {
  const now = clock.now();
  const due = await lockDueMails(now, limit, tx);
  const known = await knownAbout(due, tx);
  const claimed: DueMail[] = [];
  const dropped: Progress[] = [];
  for (const mail of due) {
    const statement = trueNow(mail, known, { now, time });
    if (statement) claimed.push({ ...mail, statement, attempts: mail.attempts + 1 });
    else dropped.push({ id: mail.id, attempts: mail.attempts, status: 'dropped' });
  }
  const dueAt = addMs(now, LEASE_MS);
  const tried = claimed.map(({ id, attempts }): Progress => {
    return { id, attempts, status: 'pending', dueAt };
  });
  await saveProgress([...dropped, ...tried], tx);
  return claimed;
}
