import type { Invariant, Violation } from '../invariant';
import { shifted } from '../oracle/london';
import { atRest, LOOK_MS, SKEW_MS, violation } from './judging';
import { isOpen } from './liveness';
import type { Picture } from './picture';
import type { CycleRow, PaymentRow } from './tables';
import type { Told } from './trail';

/** A run looks for due work every so often, and what it takes up is leased for a minute. */
const LATE_MS = 60_000 + LOOK_MS + SKEW_MS;
/** What stood still when the faults ended goes on within hours, and what failed comes once more. */
const CONVALESCENCE_MS = 12 * 3_600_000;

/** On days on which nothing goes wrong: nothing is ever too late there. */
export const latenessInvariants: readonly Invariant[] = [
  atRest(
    'lateness/found-in-time',
    'On quiet days each cycle is found due, or ends its subscription, within a minute of its charge time.',
    foundInTime,
  ),
  atRest(
    'lateness/charged-in-time',
    'On quiet days a cycle is in a payment, and its charge on the wire, within a minute of being ready.',
    chargedInTime,
  ),
  atRest(
    'lateness/steps-are-taken',
    'On quiet days each step that was planned for a payment or a refund is taken within a minute of its time.',
    stepsAreTaken,
  ),
];

/** From when on all is well again, by everybody's clock; null: not known to be so at any time. */
function quietFrom({ record: { healedAt } }: Picture): string | null {
  return healedAt && shifted(healedAt, CONVALESCENCE_MS);
}

/** By when something must have happened that could happen when the last of these had come. */
function lateAfter(...instants: readonly (string | undefined)[]): string {
  const last = instants.filter((at) => at !== undefined).sort();
  return shifted(last.at(-1) ?? '', LATE_MS);
}

function* foundInTime(picture: Picture): Iterable<Violation> {
  const quiet = quietFrom(picture);
  if (quiet === null) return;
  const { billing, people } = picture;
  for (const { subscriptionId, cycle, at, what } of dueMoments(billing)) {
    const plan = people.subscriptions.get(subscriptionId)?.plan;
    const due = plan?.chargeTimeOf(cycle);
    if (!due || at <= lateAfter(due, quiet, knownAt(subscriptionId, picture))) continue;
    yield violation(
      `cycle ${subscriptionId}:${cycle} was due at ${due}, and ${what} at ${at}`,
      subscriptionId,
    );
  }
}

const ENDS_IN_PLACE = new Set(['cancellation_due', 'card_expired', 'card_cancelled']);

/** When each date was looked at: its cycle found, or its subscription ended in place of a charge. */
function* dueMoments({ cycles, schedules }: Picture['billing']) {
  const found = new Set<string>();
  for (const { subscriptionId, cycle, foundAt } of cycles) {
    found.add(`${subscriptionId}:${cycle}`);
    yield { subscriptionId, cycle, at: foundAt, what: 'found' };
  }
  for (const { subscriptionId, skippedCycle: cycle, endCause, endedAt } of schedules) {
    if (cycle === null || endedAt === null || !ENDS_IN_PLACE.has(endCause ?? '')) continue;
    if (found.has(`${subscriptionId}:${cycle}`)) continue;
    yield { subscriptionId, cycle, at: endedAt, what: 'its subscription ended' };
  }
}

/** When billing heard that this was bought. */
export function knownAt(subscriptionId: string, { trail }: Picture): string | undefined {
  return trail.schedules.get(subscriptionId)?.find(({ toState }) => toState === 'live')?.at;
}

function* chargedInTime(picture: Picture): Iterable<Violation> {
  const quiet = quietFrom(picture);
  if (quiet === null) return;
  const { billing, cyclesOf, callsOf, now } = picture;
  for (const payment of billing.payments) {
    const { id, customerId, createdAt } = payment;
    for (const cycle of cyclesOf(id)) {
      const ready = readyAt(cycle, payment, picture);
      if (createdAt <= lateAfter(ready, quiet)) continue;
      yield violation(
        `cycle ${cycle.subscriptionId}:${cycle.cycle} was ready at ${ready}, and payment ${id} made at ${createdAt}`,
        ...[id, customerId],
      );
    }
  }
  for (const attempt of billing.attempts) {
    const { startedAt, reference, paymentId } = attempt;
    const late = lateAfter(startedAt);
    if (startedAt < quiet || now <= late) continue;
    const first = callsOf(attempt).find(({ kind }) => kind === 'charge')?.at;
    if (first !== undefined && first <= late) continue;
    yield violation(
      `attempt ${reference} was made at ${startedAt}, and sent ${first ? `at ${first}` : 'never'}`,
      ...[reference, paymentId],
    );
  }
}

/** When a cycle could be charged: it was found, and the payments of older ones were over. */
function readyAt(cycle: CycleRow, holder: PaymentRow, picture: Picture): string {
  const ends = picture
    .cyclesOfSubscription(cycle.subscriptionId)
    .filter((other) => other.cycle < cycle.cycle)
    .map((other) => overAt(other, picture))
    .filter((at) => at !== null && at <= holder.createdAt);
  return [cycle.foundAt, ...ends].sort().at(-1) ?? cycle.foundAt;
}

/** When the payment of a cycle no longer stood in the way of the next; null: it does, or there was none. */
function overAt({ paymentId, subscriptionId }: CycleRow, { trail }: Picture): string | null {
  const end = trail.payments
    .get(paymentId ?? '')
    ?.find(
      ({ said }) =>
        !isOpen(said) ||
        !said.items.some(
          (item) => item.subscriptionId === subscriptionId && item.status === 'owed',
        ),
    );
  return end?.at ?? null;
}

function* stepsAreTaken(picture: Picture): Iterable<Violation> {
  const { trail } = picture;
  for (const [id, entries] of trail.payments) {
    yield* lateSteps(`payment ${id}`, id, entries, picture, ({ nextAttemptAt, attempts }) => [
      nextAttemptAt,
      ...attempts.map(({ nextActionAt }) => nextActionAt),
    ]);
  }
  for (const [id, entries] of trail.refunds) {
    yield* lateSteps(`refund ${id}`, id, entries, picture, ({ nextActionAt }) => [nextActionAt]);
  }
}

/** Each step that is taken, or put off, is told. */
function* lateSteps<Facts>(
  what: string,
  id: string,
  entries: readonly Told<Facts>[],
  picture: Picture,
  stepsOf: (said: Facts) => readonly (string | null)[],
): Iterable<Violation> {
  const quiet = quietFrom(picture);
  if (quiet === null) return;
  for (const [index, { said, at }] of entries.entries()) {
    const due = stepsOf(said)
      .filter((step) => step !== null)
      .sort()[0];
    const taken = entries[index + 1]?.at ?? picture.now;
    if (due === undefined || taken <= lateAfter(due, at, quiet)) continue;
    yield violation(`${what} was to go on at ${due}, and did nothing until ${taken}`, id);
  }
}
