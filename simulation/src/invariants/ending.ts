import type { Invariant, Violation } from '../invariant';
import { askedToEnd, endsAskedFor, endsAtOnce, isSurelyErased } from '../oracle/ends';
import { shifted } from '../oracle/london';
import { type Customer, cardOf, type Subscription } from '../oracle/people';
import { atRest, byAllClocks, byAnyClock, violation } from './judging';
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
      if (plan.chargeTimeOf(cycle.cycle) <= byAllClocks(asked.to)) continue;
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
    const end = isAtOnce ? asked.to : plan.chargeTimeOf(plan.firstAfter(byAllClocks(asked.to)));
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
    const charge = byAllClocks(subscription.plan.chargeTimeOf(cycle.cycle));
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
      causeMissing(subscription, endReason, endedAt, picture) ??
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
  endedAt: string,
  picture: Picture,
): string | null {
  const { customer } = subscription;
  const at = byAllClocks(endedAt);
  switch (reason) {
    case 'customer_request':
      return subscription.words.some((word) => mayEndBy(word, subscription, at))
        ? null
        : 'nobody asked for it, or not so early';
    case 'customer_erased':
      return customer.erased && customer.erased.from <= at ? null : 'nobody was erased';
    case 'payment_exhausted':
      return wasGivenUp(subscription, at, picture) ? null : 'no payment of it was given up';
    default:
      return lostCards(subscription, reason, picture).some((lost) =>
        mayEndByCard(lost, subscription, endedAt, picture),
      )
        ? null
        : 'no card of then was lost so, or it was paid for';
  }
}

/** At once, or at the charge time of the next date. */
function mayEndBy(
  word: Subscription['words'][number],
  { plan }: Subscription,
  at: string,
): boolean {
  if (word.kind !== 'cancelled' || word.from > at) return false;
  const next = plan.firstAfter(byAnyClock(word.from));
  return word.when === 'now' || plan.chargeTimeOf(next) <= at;
}

function wasGivenUp({ id }: Subscription, by: string, picture: Picture): boolean {
  return picture
    .cyclesOfSubscription(id)
    .flatMap(({ paymentId }) => picture.trail.payments.get(paymentId ?? '') ?? [])
    .some(({ said, at }) => said.status === 'exhausted' && at <= by);
}

interface Lost {
  readonly at: string;
  /** When billing had heard of another card. */
  readonly replacedAt: string | null;
}

function lostCards({ customer }: Subscription, reason: string, picture: Picture): Lost[] {
  const { people, trail } = picture;
  return customer.methods.flatMap((method, place) => {
    const losses = people.lostCards.get(cardOf(method)) ?? [];
    const next = customer.methods.slice(place + 1).find(({ uncertain }) => !uncertain);
    return losses
      .filter(({ cause }) => `card_${cause}` === reason)
      .map(({ at }) => ({ at, replacedAt: next ? heardAt(next) : null }));
  });

  function heardAt({ paymentMethod, from }: Customer['methods'][number]): string | null {
    const entries = trail.customers.get(customer.id) ?? [];
    const heard = entries.find(
      ({ said, at }) => said.paymentMethod?.reference === paymentMethod && at >= byAnyClock(from),
    );
    return heard?.at ?? null;
  }
}

/**
 * At the next date, until which the service is paid for; where a cycle is due and unpaid, at the next
 * daily slot. Not by a card that was replaced before.
 */
function mayEndByCard(
  { at, replacedAt }: Lost,
  { id, plan }: Subscription,
  endedAt: string,
  { billing, cyclesOfSubscription }: Picture,
): boolean {
  const end = byAllClocks(endedAt);
  if (at > end || (replacedAt !== null && byAllClocks(replacedAt) < endedAt)) return false;
  const isUnpaid =
    billing.schedules.some((row) => row.subscriptionId === id && row.skippedCycle !== null) ||
    cyclesOfSubscription(id).some(({ status, foundAt }) => status === 'dropped' && foundAt <= end);
  return isUnpaid || plan.chargeTimeOf(plan.firstAfter(byAnyClock(at))) <= end;
}

/** What was not charged because of the end had come, and a wish to end counts from the next date after it. */
function tooEarly(
  subscription: Subscription,
  { endCause, endedAt, skippedCycle }: ScheduleRow,
): string | null {
  const { plan } = subscription;
  if (skippedCycle === null || endedAt === null) return null;
  const time = plan.chargeTimeOf(skippedCycle);
  if (time > byAllClocks(endedAt)) return `cycle ${skippedCycle} was to be charged at ${time} only`;
  if (endCause !== 'cancellation_due') return null;
  const spans = endsAskedFor(subscription);
  return spans.some(({ from }) => plan.firstAfter(byAnyClock(from)) <= skippedCycle)
    ? null
    : `cycle ${skippedCycle} was paid for`;
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
