import { shifted } from '../oracle/london';
import { byAllClocks } from './judging';
import { mayBeOver } from './mail-standings';
import { decidedAround, type News } from './news';
import type { Picture } from './picture';
import type { MailRow } from './tables';

const STOPPED = new Set(['succeeded', 'exhausted', 'abandoned']);
/** Between two tries to send it. */
const LONGEST_WAIT_MS = 6 * 3_600_000;

/**
 * When the mail about a decline had been dropped, though by then the money was not there, nothing had been
 * given up or had ended, and the next try was still to come. Null: it was rightly dropped, or nobody saw when
 * its sender heard of the decline.
 */
export function wronglyDropped(mail: MailRow, picture: Picture): string | null {
  const { entityId, version, attempts, customerId } = mail;
  const heardAt = picture.news.get(entityId)?.find((news) => isDecline(news, version))?.takenAt;
  if (!heardAt) return null;
  const lastDueAt = shifted(heardAt, attempts * LONGEST_WAIT_MS);
  const by = byAllClocks(decidedAround(lastDueAt, picture.record).to);
  const erased = picture.people.customers.get(customerId)?.erased;
  const isGone = erased != null && erased.from <= by;
  return isGone || wasOver(entityId, version, by, picture) ? null : by;
}

function isDecline({ type, version }: News, wanted: number): boolean {
  return type === 'billing.payment-declined.v1' && version === wanted;
}

/** Whether the payment was not tried again by then, or that try had come. */
function wasOver(id: string, version: number, by: string, picture: Picture): boolean {
  const known = (picture.trail.payments.get(id) ?? []).filter(({ at }) => at <= by);
  if (known.some(({ said }) => STOPPED.has(said.status))) return true;
  const told = known.find(({ said }) => said.version === version)?.said;
  if (!told?.nextAttemptAt || told.nextAttemptAt <= by) return true;
  return told.items.every(
    ({ status, subscriptionId }) => status !== 'owed' || mayBeOver(subscriptionId, by, picture),
  );
}
