import { z } from 'zod';
import { cardOf } from '../oracle/people';
import { byAllClocks } from './judging';
import { decidedAround, type News } from './news';
import type { Picture } from './picture';

/** Whether and how a subscription was said to come to its end. */
export type Standing =
  | { readonly state: 'going on' | 'ended' }
  | {
      readonly state: 'ending';
      readonly on: string;
      readonly cancellationId: string;
      readonly byCard: boolean;
    };

const Scheduled = z.object({ on: z.string(), cancellationId: z.string(), reason: z.string() });
const PREFIX = 'subscriptions.';

function standingBy({ type, data }: News): Standing | null {
  if (type === `${PREFIX}subscription-ended.v1`) return { state: 'ended' };
  if (type === `${PREFIX}cancellation-revoked.v1`) return { state: 'going on' };
  if (type !== `${PREFIX}cancellation-scheduled.v1`) return null;
  const { on, cancellationId, reason } = Scheduled.parse(data);
  return { state: 'ending', on, cancellationId, byCard: reason.startsWith('card_') };
}

/**
 * All that could be held of it where a mail was decided on that went out at this time: the newest that had
 * surely been taken, and everything newer that had been told.
 */
export function standingsAt(id: string, at: string, picture: Picture): readonly Standing[] {
  const decided = decidedAround(at, picture.record).from;
  const told = (picture.news.get(id) ?? []).flatMap((news) => {
    const standing = standingBy(news);
    return standing ? [{ ...news, standing }] : [];
  });
  const taken = told.filter(
    ({ takenAt }) => takenAt !== null && decidedAround(takenAt, picture.record).to <= decided,
  );
  const known = taken.reduce<(typeof told)[number] | null>(
    (newest, one) => (newest && newest.version > one.version ? newest : one),
    null,
  );
  const newer = told.filter(
    ({ version, at: toldAt }) => version > (known?.version ?? 0) && toldAt <= byAllClocks(at),
  );
  const first: Standing = known?.standing ?? { state: 'going on' };
  return [first, ...newer.map(({ standing }) => standing)];
}

/** Whether anything had happened by then that ends it, or will. */
export function mayBeEnding(id: string, at: string, picture: Picture): boolean {
  const words = picture.people.subscriptions.get(id)?.words ?? [];
  return (
    words.some(({ kind, from }) => kind === 'cancelled' && from <= at) || mayBeOver(id, at, picture)
  );
}

/** Whether anything had happened by then after which it is not charged again. */
export function mayBeOver(id: string, at: string, { people, subscriptions }: Picture): boolean {
  const methods = people.subscriptions.get(id)?.customer.methods ?? [];
  const lost = methods.flatMap((card) => people.lostCards.get(cardOf(card)) ?? []);
  const row = subscriptions.subscriptions.find((one) => one.id === id);
  return lost.some((deed) => deed.at <= at) || (row?.endedAt != null && row.endedAt <= at);
}
