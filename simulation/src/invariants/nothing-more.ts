import { z } from 'zod';
import type { Invariant, Violation } from '../invariant';
import { shifted } from '../oracle/london';
import { atRest, SKEW_MS, violation } from './judging';
import { latestBefore } from './money';
import type { Picture } from './picture';

/** What must not be begun any more, by what billing knew. */
export const nothingMoreInvariants: readonly Invariant[] = [
  atRest(
    'ending/no-attempt-with-a-lost-card',
    'After billing has handled that a card is lost, or was replaced, nothing is sent that would charge it.',
    noAttemptWithALostCard,
  ),
  atRest(
    'ending/no-attempt-after-a-wish-to-end',
    'After billing has handled that a subscription was cancelled at once, or its customer erased, nothing is sent for it.',
    noAttemptAfterAWishToEnd,
  ),
  atRest(
    'ending/lost-card-owes-nothing-new',
    'No cycle becomes owed while the card is known to be lost, nor after the end.',
    lostCardOwesNothingNew,
  ),
];

/** Each decision to send an attempt, by the entry that tells of it. */
function* sendsIn({ payments }: Picture['trail']) {
  for (const entries of payments.values()) {
    const sends = new Map<string, number>();
    for (const entry of entries) {
      for (const attempt of entry.said.attempts) {
        const before = sends.get(attempt.id) ?? 0;
        sends.set(attempt.id, attempt.sends);
        if (attempt.sends > before) yield { entry, attempt };
      }
    }
  }
}

function* noAttemptWithALostCard({ trail }: Picture): Iterable<Violation> {
  for (const { entry, attempt } of sendsIn(trail)) {
    const { said, position, at } = entry;
    const { provider, body, reference } = attempt;
    const entries = trail.customers.get(said.customerId) ?? [];
    const known = latestBefore(entries, position)?.said.paymentMethod;
    const isCurrent =
      known?.provider === provider && body.includes(JSON.stringify(known.reference));
    if (isCurrent && known.unavailable === null) continue;
    yield violation(
      `attempt ${reference} was sent at ${at}, while the card was ${known?.reference}, ${known?.unavailable ?? 'good'}`,
      ...[said.id, said.customerId],
    );
  }
}

const Ended = z.object({ end: z.object({ cause: z.string() }) });
const WISHES = new Set(['customer_request', 'customer_erased']);

function* noAttemptAfterAWishToEnd({ trail }: Picture): Iterable<Violation> {
  const ends = new Map<string, number>();
  for (const { entityType, entityId, toState, facts, position } of trail.entries.billing) {
    if (entityType !== 'subscription' || toState !== 'ended' || ends.has(entityId)) continue;
    if (WISHES.has(Ended.parse(JSON.parse(facts)).end.cause)) ends.set(entityId, position);
  }
  for (const { entry, attempt } of sendsIn(trail)) {
    const { said, position, at } = entry;
    const ended = attempt.items?.find(
      ({ subscriptionId }) => (ends.get(subscriptionId) ?? position) < position,
    );
    if (!ended) continue;
    yield violation(
      `attempt ${attempt.reference} was sent at ${at} for ${ended.subscriptionId}, which had ended`,
      ...[said.id, said.customerId],
    );
  }
}

/** Between two processes of which one is as early as can be and one as late. */
const APART_MS = 2 * SKEW_MS;

function* lostCardOwesNothingNew({ billing, trail }: Picture): Iterable<Violation> {
  // Not when it ended, but when billing came to know it: until then a charge crosses the news.
  const ended = new Map(
    trail.entries.billing
      .filter(({ entityType, toState }) => entityType === 'subscription' && toState === 'ended')
      .map(({ entityId, at }) => [entityId, at]),
  );
  for (const { subscriptionId, cycle, customerId, foundAt } of billing.cycles) {
    const end = ended.get(subscriptionId);
    if (end && shifted(end, APART_MS) < foundAt) {
      yield violation(
        `cycle ${subscriptionId}:${cycle} was found at ${foundAt}, after the end at ${end}`,
        subscriptionId,
        customerId,
      );
    }
    const entries = trail.customers.get(customerId) ?? [];
    const card = entries.filter(({ at }) => shifted(at, APART_MS) < foundAt).at(-1)
      ?.said.paymentMethod;
    const replaced = entries.some(
      ({ at }) => at <= shifted(foundAt, APART_MS) && at >= shifted(foundAt, -APART_MS),
    );
    if (!card || card.unavailable === null || replaced) continue;
    yield violation(
      `cycle ${subscriptionId}:${cycle} was found at ${foundAt}, with a card that was ${card.unavailable}`,
      subscriptionId,
      customerId,
    );
  }
}
