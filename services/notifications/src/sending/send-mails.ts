import type { Timer } from '@perennial/calendar';
import type { Ports } from '@perennial/service';
import type { Context } from '../context';
import { afterAttempt, type Fate } from '../domain/progress';
import { render } from '../domain/rendering';
import type { Settings } from '../settings';
import { type DueMail, nextDueAt, saveProgress } from '../store/due-mails';
import { claimMails } from './claim-mails';
import { contactOf } from './contacts';
import { postToCrm } from './crm';

/** So that a process told to stop has finished in seconds; the timer is due again at once. */
const MAILS_PER_RUN = 50;

export function sendMails(ports: Ports, context: Context, settings: Settings): Timer {
  const { db, clock } = ports;
  return {
    name: 'send-mails',
    everyMs: settings.RUN_EVERY_MS,
    nextAt: () => db.transaction(nextDueAt),
    run: async () => {
      const claimed = await db.transaction((tx) => claimMails(MAILS_PER_RUN, context, tx));
      const fates = await Promise.all(claimed.map((mail) => send(mail, ports, settings)));
      const now = clock.now();
      const progress = claimed.map((mail, index) =>
        afterAttempt(mail, fates[index] ?? 'no_answer', now),
      );
      await db.transaction((tx) => saveProgress(progress, tx));
    },
  };
}

/** Whatever goes wrong is the mail's own trouble: it is told, and the mail is tried again later. */
async function send(mail: DueMail, { http, logger }: Ports, settings: Settings): Promise<Fate> {
  const { id, customerId, statement, attempts } = mail;
  const facts = { mailId: id, kind: statement.kind, attempts };
  try {
    const contact = await contactOf(customerId, http, settings);
    const rendered = render(statement, contact);
    const fate = await postToCrm({ id, kind: statement.kind, contact, rendered }, http, settings);
    if (fate === 'refused') logger.error(facts, 'the CRM refused a mail for good');
    return fate;
  } catch (error) {
    logger.warn({ ...facts, err: error }, 'a mail could not be sent, and is tried again');
    return 'no_answer';
  }
}
