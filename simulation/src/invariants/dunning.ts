import type { Invariant, Violation } from '../invariant';
import { addDays } from '../oracle/anniversaries';
import { chargeTime, localDate, shifted } from '../oracle/london';
import { atRest, byAllClocks, SKEW_MS, violation } from './judging';
import type { Charge, Picture } from './picture';
import type { AttemptFacts, PaymentFacts, Told } from './trail';

const GRACE_DAYS = 5;

export const dunningInvariants: readonly Invariant[] = [
  atRest(
    'dunning/one-a-day',
    'On a local day at most one attempt of a payment reaches a provider, and never more than six are declined.',
    oneADay,
  ),
  atRest(
    'dunning/grace-counts-from-the-first-charge',
    'Grace is counted from the local day of the first send that got to the provider.',
    graceCounts,
  ),
  atRest(
    'dunning/next-day',
    'After a decline within grace the next attempt is on the next local day at charge time.',
    nextDay,
  ),
  atRest(
    'dunning/last-decline',
    'Nobody is terminated without a decline that became known five days after the first charge, or later, and outages do not count.',
    lastDecline,
  ),
  atRest(
    'dunning/nothing-open-at-the-end',
    'Nobody is terminated while an attempt is pending or unknown.',
    nothingOpenAtTheEnd,
  ),
  atRest(
    'dunning/no-paid-customer-terminated',
    'Nobody is terminated for a payment of which the provider had the money.',
    noPaidTerminated,
  ),
];

function* oneADay({ billing, attemptsOf, chargesOf }: Picture): Iterable<Violation> {
  for (const { id, customerId } of billing.payments) {
    const charges = attemptsOf(id).flatMap((attempt) => [...chargesOf(attempt)]);
    const days = new Map<string, Charge>();
    for (const charge of charges) {
      const day = localDate(charge.createdAt);
      const other = days.get(day);
      days.set(day, charge);
      if (!other) continue;
      yield violation(
        `payment ${id} came to a provider twice on ${day}: ${other.id} and ${charge.id}`,
        id,
        customerId,
      );
    }
    const declined = charges.filter(({ status }) => status === 'failed').length;
    if (declined > GRACE_DAYS + 1)
      yield violation(`payment ${id} was declined ${declined} times`, id, customerId);
  }
}

function* graceCounts(picture: Picture): Iterable<Violation> {
  for (const { id, customerId, firstReachedOn } of picture.billing.payments) {
    const settled = picture
      .attemptsOf(id)
      .filter(
        ({ status }) => status === 'succeeded' || status === 'declined' || status === 'pending',
      );
    const sent = settled.flatMap((attempt) =>
      picture.chargesOf(attempt).map((charge) => sendOf(charge, picture)),
    );
    const first = sent.sort()[0];
    if (first === undefined || daysAbout(first).has(firstReachedOn ?? '')) continue;
    yield violation(
      `payment ${id} first got to a provider at ${first}, and counts from ${firstReachedOn}`,
      id,
      customerId,
    );
  }
}

/** By the clocks that a process may have had. */
function daysAbout(at: string): ReadonlySet<string> {
  return new Set([-SKEW_MS, 0, SKEW_MS].map((ms) => localDate(shifted(at, ms))));
}

/** The send that made the charge; a request may take its time on the way. */
function sendOf({ merchantReference, createdAt }: Charge, { callsOf }: Picture): string {
  const sends = callsOf({ reference: merchantReference }).filter(
    ({ kind, arrived, at }) => kind === 'charge' && arrived && at <= byAllClocks(createdAt),
  );
  return sends.at(-1)?.at ?? createdAt;
}

interface Decline {
  readonly entry: Told<PaymentFacts>;
  readonly attempt: AttemptFacts;
  /** Of grace, as known then. */
  readonly lastDay: string;
  readonly day: string;
}

/** Each decline at the moment at which it became known, while nothing else was under way. */
function* declinesOf(paymentId: string, picture: Picture): Iterable<Decline> {
  const known = new Set<string>();
  for (const entry of picture.trail.payments.get(paymentId) ?? []) {
    const fresh = entry.said.attempts.filter(
      ({ id, status }) => status === 'declined' && !known.has(id),
    );
    for (const { id } of fresh) known.add(id);
    const attempt = fresh.at(-1);
    if (!attempt) continue;
    // Whether that was the first day, another invariant asks.
    const first = entry.said.firstReachedOn ?? localDate(attempt.lastSentAt ?? attempt.startedAt);
    yield { entry, attempt, day: localDate(entry.at), lastDay: addDays(first, GRACE_DAYS) };
  }
}

function* nextDay(picture: Picture): Iterable<Violation> {
  for (const { id, customerId } of picture.billing.payments) {
    for (const { entry, attempt, day, lastDay } of declinesOf(id, picture)) {
      const { status, nextAttemptAt } = entry.said;
      const declined = `attempt ${attempt.reference} was declined on ${day}`;
      if (status === 'exhausted' && day < lastDay) {
        yield violation(
          `${declined}, within grace until ${lastDay}, and payment ${id} was given up`,
          id,
          customerId,
        );
      }
      if (status !== 'retrying') continue;
      if (day >= lastDay)
        yield violation(`${declined}, and payment ${id} goes on after ${lastDay}`, id, customerId);
      const right = chargeTime(addDays(day, 1));
      if (nextAttemptAt !== right) {
        yield violation(
          `${declined}, and is tried again at ${nextAttemptAt} instead of ${right}`,
          id,
          customerId,
        );
      }
    }
  }
}

/** The entries by which payments were given up. */
function* exhaustions({ trail }: Picture): Iterable<Told<PaymentFacts>> {
  for (const entries of trail.payments.values()) {
    const first = entries.find(({ said }) => said.status === 'exhausted');
    if (first) yield first;
  }
}

function* lastDecline(picture: Picture): Iterable<Violation> {
  for (const { said, at, position } of exhaustions(picture)) {
    const last = [...declinesOf(said.id, picture)].find(({ entry }) => entry.position === position);
    const charges = last ? picture.chargesOf(last.attempt) : [];
    const isTold = charges.every(({ status }) => status === 'failed');
    if (last && isTold && last.day >= last.lastDay) continue;
    yield violation(
      `payment ${said.id} was given up at ${at} ${last ? `by ${last.attempt.reference}, with grace until ${last.lastDay}` : 'without a decline'}`,
      ...[said.id, said.customerId],
    );
  }
  const given = new Set([...exhaustions(picture)].map(({ said }) => said.id));
  for (const { id, status, paymentId } of picture.subscriptions.subscriptions) {
    if (status !== 'terminated' || given.has(paymentId ?? '')) continue;
    yield violation(
      `subscription ${id} was terminated, and payment ${paymentId} was not given up`,
      id,
    );
  }
}

function* nothingOpenAtTheEnd(picture: Picture): Iterable<Violation> {
  for (const { said, at } of exhaustions(picture)) {
    const open = said.attempts.find(
      ({ status, nextActionAt }) =>
        nextActionAt !== null || status === 'pending' || status === 'unknown',
    );
    if (!open) continue;
    yield violation(
      `payment ${said.id} was given up at ${at} while ${open.reference} was ${open.status}`,
      said.id,
      said.customerId,
    );
  }
}

function* noPaidTerminated(picture: Picture): Iterable<Violation> {
  for (const { said, at } of exhaustions(picture)) {
    const charges = said.attempts.flatMap((attempt) => [...picture.chargesOf(attempt)]);
    const paid = charges.find(
      ({ status, decidedAt }) => status === 'succeeded' && byAllClocks(decidedAt) < at,
    );
    if (!paid) continue;
    yield violation(
      `payment ${said.id} was given up at ${at}, and ${paid.id} had succeeded`,
      said.id,
      said.customerId,
    );
  }
}
