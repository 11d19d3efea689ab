import { z } from 'zod';
import type { Invariant, Violation } from '../invariant';
import { askedToEnd, endsAskedFor, endsAtOnce, isSurelyErased } from '../oracle/ends';
import { instantOf, msOf } from '../oracle/london';
import { cardOf, type Subscription } from '../oracle/people';
import { atRest, SKEW_MS, violation } from './judging';
import { latestBefore } from './money';
import { keptMinor, type Picture } from './picture';
import type { CycleRow, ScheduleRow } from './tables';

export const endingInvariants: readonly Invariant[] = [
  atRest(
    'ending/cancelled-is-not-charged',
    'A cycle whose cancellation had been accepted before its charge time is not charged, or given back.',
    cancelledIsNotCharged,
  ),
  atRest(
    'ending/asked-is-ended',
    'Who asked for an end, or for erasure, has it once its time has come.',
    askedIsEnded,
  ),
  atRest(
    'ending/dropped-has-a-cause',
    'No cycle is dropped while its subscription goes on; one that was due before a wish to end is still collected.',
    droppedHasACause,
  ),
  atRest(
    'ending/has-a-cause',
    'No subscription ends without its cause: a wish of the customer, a lost card, a last decline; and none before its time.',
    hasACause,
  ),
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
  atRest(
    'ending/refunded-once',
    'A crossed or a second charge is given back by itself once.',
    refundedOnce,
  ),
  atRest(
    'ending/erased-is-forgotten',
    'Of an erased customer no personal data is left, and no mail goes out.',
    erasedIsForgotten,
  ),
];

function* cancelledIsNotCharged(picture: Picture): Iterable<Violation> {
  for (const subscription of picture.people.subscriptions.values()) {
    const asked = askedToEnd(subscription);
    if (!asked) continue;
    const { id, plan, customer } = subscription;
    for (const cycle of picture.cyclesOfSubscription(id)) {
      if (plan.chargeTimeOf(cycle.cycle) <= shifted(asked.to, SKEW_MS)) continue;
      if (isGivenBack(cycle, picture)) continue;
      yield violation(
        `cycle ${id}:${cycle.cycle} of ${cycle.billingDate} is ${cycle.status}, and was cancelled at ${asked.to}`,
        ...[id, customer.id],
      );
    }
  }
}

/** Never charged, all of it returned, or kept only because the provider failed to return it and a person was told. */
function isGivenBack(cycle: CycleRow, picture: Picture): boolean {
  if (cycle.status === 'dropped' || cycle.status === 'waived') return true;
  if (cycle.status !== 'paid' || cycle.paymentId === null) return false;
  const charges = picture
    .attemptsOf(cycle.paymentId)
    .flatMap((attempt) => [...picture.chargesOf(attempt)]);
  const kept = charges.filter((charge) => keptMinor(charge) > 0);
  if (kept.length === 0) return true;
  const refunds = picture.refundsOf(cycle.paymentId).filter(({ status }) => status !== 'failed');
  const returned = refunds
    .flatMap(({ items }) => items ?? [])
    .filter(({ subscriptionId }) => subscriptionId === cycle.subscriptionId)
    .reduce((sum, { amount }) => sum + amount.amountMinor, 0);
  if (returned >= cycle.amountMinor) return true;
  const isTold = picture.billing.discrepancies.some(
    ({ kind, about }) =>
      kind === 'charged_after_cancellation' && about === `${cycle.subscriptionId}:${cycle.cycle}`,
  );
  return isTold && kept.some(({ keepsMoney }) => keepsMoney);
}

function* askedIsEnded({ people, subscriptions, now }: Picture): Iterable<Violation> {
  const rows = new Map(subscriptions.subscriptions.map((row) => [row.id, row]));
  for (const subscription of people.subscriptions.values()) {
    const asked = askedToEnd(subscription);
    const { id, plan, customer } = subscription;
    if (!asked || rows.get(id)?.endedAt !== null) continue;
    const isAtOnce =
      isSurelyErased(customer) || endsAtOnce(subscription).some(({ uncertain }) => !uncertain);
    const end = isAtOnce
      ? asked.to
      : plan.chargeTimeOf(plan.firstAfter(shifted(asked.to, SKEW_MS)));
    if (shifted(end, 60_000) >= now) continue;
    yield violation(
      `subscription ${id} should have ended at ${end}, asked for at ${asked.to}`,
      id,
      customer.id,
    );
  }
}

function* droppedHasACause(picture: Picture): Iterable<Violation> {
  const schedules = new Map(picture.billing.schedules.map((row) => [row.subscriptionId, row]));
  for (const cycle of picture.billing.cycles) {
    const subscription = picture.people.subscriptions.get(cycle.subscriptionId);
    if (cycle.status !== 'dropped' || !subscription) continue;
    const schedule = schedules.get(cycle.subscriptionId);
    const charge = shifted(subscription.plan.chargeTimeOf(cycle.cycle), SKEW_MS);
    const wasAsked = subscription.words.some(
      ({ kind, from }) => kind === 'cancelled' && from <= charge,
    );
    const isOver = schedule?.state === 'ended' && schedule.endCause !== 'cancellation_due';
    const isLost = subscription.customer.methods.some((card) =>
      picture.people.lostCards.has(cardOf(card)),
    );
    const wasGivenUp = picture.trail.payments
      .get(cycle.paymentId ?? '')
      ?.some(({ said }) => said.status === 'exhausted');
    if (isOver || wasAsked || isLost || wasGivenUp) continue;
    yield violation(
      `cycle ${cycle.subscriptionId}:${cycle.cycle} was dropped, and its subscription is ${schedule?.state} by ${schedule?.endCause}`,
      ...[cycle.subscriptionId, cycle.customerId],
    );
  }
}

function* hasACause(picture: Picture): Iterable<Violation> {
  const { people, subscriptions, billing } = picture;
  const schedules = new Map(billing.schedules.map((row) => [row.subscriptionId, row]));
  for (const { id, endReason, endedAt } of subscriptions.subscriptions) {
    const subscription = people.subscriptions.get(id);
    if (endedAt === null || endReason === null || !subscription) continue;
    const schedule = schedules.get(id);
    const wrong =
      causeMissing(subscription, endReason, shifted(endedAt, SKEW_MS), picture) ??
      (schedule ? tooEarly(subscription, schedule) : null);
    if (wrong)
      yield violation(
        `subscription ${id} ended at ${endedAt} by ${endReason}, but ${wrong}`,
        id,
        subscription.customer.id,
      );
  }
}

function causeMissing(
  subscription: Subscription,
  reason: string,
  at: string,
  { people, trail, cyclesOfSubscription }: Picture,
): string | null {
  const { customer, words, id } = subscription;
  switch (reason) {
    case 'customer_request':
      return words.some(({ kind, from }) => kind === 'cancelled' && from <= at)
        ? null
        : 'nobody asked for it';
    case 'customer_erased':
      return customer.erased && customer.erased.from <= at ? null : 'nobody was erased';
    case 'payment_exhausted':
      return cyclesOfSubscription(id).some(({ paymentId }) =>
        trail.payments.get(paymentId ?? '')?.some(({ said }) => said.status === 'exhausted'),
      )
        ? null
        : 'no payment of it was given up';
    default: {
      const lost = customer.methods.map((method) => people.lostCards.get(cardOf(method)));
      return lost.some((deed) => deed && deed.at <= at && `card_${deed.cause}` === reason)
        ? null
        : 'no card was lost so';
    }
  }
}

/** What was not charged because of the end had come, and a wish to end counts from the next date after it. */
function tooEarly(
  subscription: Subscription,
  { endCause, endedAt, skippedCycle }: ScheduleRow,
): string | null {
  const { plan } = subscription;
  if (skippedCycle === null || endedAt === null) return null;
  const time = plan.chargeTimeOf(skippedCycle);
  if (time > shifted(endedAt, SKEW_MS))
    return `cycle ${skippedCycle} was to be charged at ${time} only`;
  if (endCause !== 'cancellation_due') return null;
  const spans = endsAskedFor(subscription);
  return spans.some(({ from }) => plan.firstAfter(shifted(from, -SKEW_MS)) <= skippedCycle)
    ? null
    : `cycle ${skippedCycle} was paid for`;
}

function* noAttemptWithALostCard({ trail }: Picture): Iterable<Violation> {
  for (const [paymentId, entries] of trail.payments) {
    const sends = new Map<string, number>();
    for (const { said, position, at } of entries) {
      const known = latestBefore(trail.customers.get(said.customerId) ?? [], position)?.said
        .paymentMethod;
      for (const { id, sends: made, provider, body, reference } of said.attempts) {
        const before = sends.get(id) ?? 0;
        sends.set(id, made);
        if (made <= before) continue;
        const isCurrent =
          known?.provider === provider && body.includes(JSON.stringify(known.reference));
        if (isCurrent && known.unavailable === null) continue;
        yield violation(
          `attempt ${reference} was sent at ${at}, while the card was ${known?.reference}, ${known?.unavailable ?? 'good'}`,
          ...[paymentId, said.customerId],
        );
      }
    }
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
  for (const [paymentId, entries] of trail.payments) {
    const sends = new Map<string, number>();
    for (const { said, position, at } of entries) {
      for (const { id, sends: made, items, reference } of said.attempts) {
        const before = sends.get(id) ?? 0;
        sends.set(id, made);
        const ended = items?.find(
          ({ subscriptionId }) => (ends.get(subscriptionId) ?? position) < position,
        );
        if (made <= before || !ended) continue;
        yield violation(
          `attempt ${reference} was sent at ${at} for ${ended.subscriptionId}, which had ended`,
          ...[paymentId, said.customerId],
        );
      }
    }
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

function* refundedOnce({ billing }: Picture): Iterable<Violation> {
  const given = new Map<string, string>();
  for (const { id, origin, status, items, paymentId, attemptId } of billing.refunds) {
    if (origin !== 'automatic' || status === 'failed') continue;
    const of = items?.map(({ subscriptionId }) => subscriptionId).join(' ') ?? 'all';
    const key = `${attemptId} ${of}`;
    const other = given.get(key);
    given.set(key, id);
    if (other)
      yield violation(
        `refunds ${other} and ${id} of payment ${paymentId} give back the same`,
        paymentId,
      );
  }
}

/** A mail that was on its way to the CRM when the customer was erased may still arrive. */
const ON_ITS_WAY_MS = 30_000;

function* erasedIsForgotten({
  people,
  subscriptions,
  notifications,
  record,
}: Picture): Iterable<Violation> {
  const rows = new Map(subscriptions.customers.map((row) => [row.id, row]));
  const mails = new Map(notifications.mails.map((row) => [row.id, row.customerId]));
  for (const customer of people.customers.values()) {
    if (!isSurelyErased(customer)) continue;
    const { id, erased } = customer;
    const row = rows.get(id);
    if (row?.status !== 'erased' || row.personalData !== null)
      yield violation(`customer ${id} was erased at ${erased.to}, and is still known`, id);
    const late = record.mails.find(
      ({ key, at }) => mails.get(key) === id && at > shifted(erased.to, ON_ITS_WAY_MS),
    );
    if (late)
      yield violation(`customer ${id} was erased at ${erased.to} and written to at ${late.at}`, id);
  }
}

function shifted(at: string, ms: number): string {
  return instantOf(msOf(at) + ms);
}
