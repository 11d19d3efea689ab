import { byAllClocks } from './judging';
import { mayBeOver } from './mail-standings';
import { decidedAround } from './news';
import type { Picture } from './picture';
import type { MailRow } from './tables';

const STOPPED = new Set(['succeeded', 'exhausted', 'abandoned']);

/**
 * When the mail about a decline had to be sent, though it was dropped: by then the money was not there, nothing
 * had been given up or had ended, and the next try was still to come. Null: it was rightly dropped, or nobody
 * saw when its sender heard of the decline.
 */
export function wronglyDropped(mail: MailRow, picture: Picture): string | null {
  const { entityId, version, attempts, customerId } = mail;
  // It was tried, and may have become untrue while it waited for the CRM.
  if (attempts > 0) return null;
  const news = picture.news.get(entityId)?.find((one) => isItself(one, version));
  if (!news?.takenAt) return null;
  const by = byAllClocks(decidedAround(news.takenAt, picture.record).to);
  const known = (picture.trail.payments.get(entityId) ?? []).filter(({ at }) => at <= by);
  const told = known.find(({ said }) => said.version === version)?.said;
  const isStopped = known.some(({ said }) => STOPPED.has(said.status));
  const isTooLate = told?.nextAttemptAt == null || told.nextAttemptAt <= by;
  const areOver = told?.items.every(
    ({ status, subscriptionId }) => status !== 'owed' || mayBeOver(subscriptionId, by, picture),
  );
  const erased = picture.people.customers.get(customerId)?.erased;
  const isGone = erased != null && erased.from <= by;
  return isStopped || isTooLate || areOver || isGone ? null : by;
}

function isItself({ type, version }: { type: string; version: number }, wanted: number): boolean {
  return type === 'billing.payment-declined.v1' && version === wanted;
}
