import type { Invariant, Violation } from '../invariant';
import { endsAtOnce } from '../oracle/ends';
import { cardOf } from '../oracle/people';
import { atRest, endsByCard, violation } from './judging';
import { isOpen } from './liveness';
import type { Picture } from './picture';
import type { ScheduleRow, SubscriptionRow } from './tables';

export const viewInvariants: readonly Invariant[] = [
  atRest(
    'states/subscriptions-agree',
    'subscriptions and billing agree about which subscription lives, is past due, and comes to which end.',
    subscriptionsAgree,
  ),
  atRest(
    'states/cards-agree',
    'subscriptions and billing agree about whom each customer pays through, with which card, and whether it is lost.',
    cardsAgree,
  ),
  atRest(
    'states/open-outcomes-agree',
    'subscriptions holds a provider fast exactly while billing waits for an outcome there.',
    openOutcomesAgree,
  ),
];

function* subscriptionsAgree(picture: Picture): Iterable<Violation> {
  const schedules = new Map(picture.billing.schedules.map((row) => [row.subscriptionId, row]));
  const known = new Set(picture.subscriptions.subscriptions.map(({ id }) => id));
  for (const id of picture.people.subscriptions.keys()) {
    if (!known.has(id)) yield violation(`subscription ${id} was accepted and is not there`, id);
  }
  for (const row of picture.subscriptions.subscriptions) {
    const told = statusIn(row, picture);
    const schedule = schedules.get(row.id);
    const person = picture.people.subscriptions.get(row.id);
    const mayCross =
      person !== undefined && (endsAtOnce(person).length > 0 || person.customer.erased !== null);
    const ends = schedule
      ? disagreement(row, schedule, told, mayCross)
      : 'billing does not know it';
    if (ends)
      yield violation(
        `subscription ${row.id} is ${row.status}, and ${ends}`,
        row.id,
        row.customerId,
      );
  }
}

/** The first end stands on either side: a wish to end at once, or a date, may cross the last decline. */
function endsApart(
  { status }: SubscriptionRow,
  { endCause }: ScheduleRow,
  mayCross: boolean,
): string | null {
  const failed = endCause === 'payment_exhausted';
  if (status === 'terminated') {
    return failed || endCause === 'cancellation_due' ? null : `billing ended it by ${endCause}`;
  }
  return failed && !mayCross ? 'billing could not collect it' : null;
}

function disagreement(
  row: SubscriptionRow,
  schedule: ScheduleRow,
  told: string,
  mayCross: boolean,
): string | null {
  const isOver = row.endedAt !== null;
  if (isOver !== (schedule.state === 'ended')) return `billing has it ${schedule.state}`;
  if (isOver) return endsApart(row, schedule, mayCross);
  if (row.status !== told) return `billing collects as if it were ${told}`;
  const on = endsByCard(row) ? null : row.requestOn;
  return on === schedule.cancellationOn
    ? null
    : `it ends on ${on}, in billing on ${schedule.cancellationOn}`;
}

/** Past due from the first decline that is tried again until the money is there. */
function statusIn(
  { id }: SubscriptionRow,
  { cyclesOfSubscription, payment, trail }: Picture,
): string {
  const isTried = cyclesOfSubscription(id).some(({ paymentId, status }) => {
    const holder = payment.get(paymentId ?? '');
    if (!holder || !isOpen(holder) || status !== 'owed') return false;
    const entries = trail.payments.get(holder.id) ?? [];
    return entries.some(({ said }) => said.status === 'retrying' && said.nextAttemptAt !== null);
  });
  return isTried ? 'past_due' : 'active';
}

function* cardsAgree({ billing, subscriptions, people, webhooks }: Picture): Iterable<Violation> {
  const accounts = new Map(billing.accounts.map((row) => [row.customerId, row]));
  const rows = new Map(subscriptions.customers.map((row) => [row.id, row]));
  for (const { id, methods } of people.customers.values()) {
    const account = accounts.get(id);
    const row = rows.get(id);
    const [ours, theirs] = [row, account].map((one) => `${one?.provider} ${one?.paymentMethod}`);
    // The last one that was surely taken, or one of those after it.
    const sure = methods.findLastIndex(({ uncertain }) => !uncertain);
    const given = methods.slice(sure).map(cardOf);
    // A customer who buys nothing is known to billing as well: it is told at registration.
    if (ours === theirs && given.some((card) => card === ours)) continue;
    yield violation(
      `customer ${id} gave ${given.join(' or ')}; subscriptions has ${ours}, billing ${theirs}`,
      id,
    );
  }
  const lostHere = new Set(billing.methods.filter(({ cause }) => cause !== null).map(cardOf));
  const lostThere = new Set(
    subscriptions.payment_methods
      .filter(({ unavailableCause }) => unavailableCause !== null)
      .map(({ provider, reference }) => `${provider} ${reference}`),
  );
  const told = new Set(
    webhooks.deliveries
      .filter(
        ({ status, type }) => status === 'published' && type === 'provider.card-unavailable.v1',
      )
      .map(({ provider, reference }) => `${provider} ${reference}`),
  );
  for (const card of new Set([...told, ...lostHere, ...lostThere])) {
    const isReal = people.lostCards.has(card);
    if (isReal && lostHere.has(card) && lostThere.has(card)) continue;
    yield violation(
      `${card} is ${isReal ? 'lost' : 'good'}; lost in billing: ${lostHere.has(card)}, in subscriptions: ${lostThere.has(card)}`,
      card.split(' ')[1] ?? card,
    );
  }
  for (const { customerId, provider, paymentMethod, unavailable } of billing.accounts) {
    if ((unavailable !== null) === lostHere.has(`${provider} ${paymentMethod}`)) continue;
    yield violation(
      `customer ${customerId} pays with ${provider} ${paymentMethod}, unavailable: ${unavailable}`,
      customerId,
    );
  }
}

function* openOutcomesAgree({ billing, subscriptions }: Picture): Iterable<Violation> {
  const open = new Set(
    billing.attempts
      .filter(({ status }) => status === 'pending' || status === 'unknown')
      .map(({ id }) => id),
  );
  const held = subscriptions.attempts.filter(({ state }) => state === 'unresolved');
  for (const { attemptId, customerId } of held) {
    if (!open.delete(attemptId))
      yield violation(
        `customer ${customerId} is held by attempt ${attemptId}, which is over`,
        customerId,
        attemptId,
      );
  }
  for (const id of open)
    yield violation(`nobody is held by attempt ${id}, whose outcome is open`, id);
}
