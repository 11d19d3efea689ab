import type { Ids } from '@perennial/contracts';
import { Refusal } from '@perennial/service';
import type { Reading } from '../providers/provider';
import type { StoredDelivery } from '../store';
import { reasonOf } from './delivery';

/** What a delivery becomes when it is read again. Pure but for the id of a new message. */
export function afterReplay(delivery: StoredDelivery, reading: Reading, ids: Ids): StoredDelivery {
  const replayed = { ...delivery, replays: delivery.replays + 1 };
  if (reading.kind === 'unusable') return { ...replayed, ...stillUnusable(delivery, reading) };
  const { eventId, type, reference } = reading;
  const facts = { eventId, type, reference, slot: `event:${eventId}`, reason: null };
  const read = { ...replayed, ...facts, publishedAt: null };
  return reading.kind === 'usable'
    ? { ...read, status: 'pending', messageId: ids() }
    : { ...read, status: 'ignored', messageId: null };
}

/** What was once understood is not thrown into quarantine by a later reading. */
function stillUnusable(
  { status }: StoredDelivery,
  reading: Extract<Reading, { kind: 'unusable' }>,
): Pick<StoredDelivery, 'reason'> {
  if (status === 'quarantined') return { reason: reasonOf(reading.problems) };
  throw new Refusal(422, 'unusable-event', 'The event cannot be used.', reading.problems);
}

/** Refuses a replay that would tell again what was told, unless that is what is wanted. */
export function checkReplayable({ status }: StoredDelivery, force: boolean): void {
  if (status === 'pending') {
    throw new Refusal(409, 'not-yet-published', 'The event is still on its way.');
  }
  if (status === 'published' && !force) {
    const detail = 'The event was published. With `force` it is published once more.';
    throw new Refusal(409, 'already-published', detail);
  }
}
