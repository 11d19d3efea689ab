import type { Invariant, Violation } from '../invariant';
import { shifted } from '../oracle/london';
import { atRest, LOOK_MS, SKEW_MS, violation } from './judging';
import { isOpen } from './liveness';
import type { Picture } from './picture';
import type { CycleRow, PaymentRow } from './tables';
import type { Entry, Told } from './trail';

/** A run looks for due work every so often, and what it takes up is leased for a minute. */
const LATE_MS = 60_000 + LOOK_MS + SKEW_MS;
/** What is decided is sent at once, or half a minute later by whoever does not know yet that the provider is well. */
const SENT_MS = 30_000 + LOOK_MS;
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
    'On quiet days a cycle is in a payment within a minute of being ready, and its charge then on the wire at once.',
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
export function lateAfter(...instants: readonly (string | undefined)[]): string {
  return shifted(latestOf(...instants), LATE_MS);
}

export function latestOf(...instants: readonly (string | undefined)[]): string {
  return instants.reduce<string>((latest, at = '') => (at > latest ? at : latest), '');
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
export function* dueMoments({ cycles, schedules }: Picture['billing']) {
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

/** When billing had heard both that this was bought and how its customer pays. */
export function knownAt(subscriptionId: string, picture: Picture): string | undefined {
  const word = wordOf(subscriptionId, picture);
  return word && latestOf(...word.map(({ at }) => at));
}

/** By which billing heard of both. */
export function wordOf(
  subscriptionId: string,
  { trail, people }: Picture,
): readonly Entry[] | undefined {
  const customerId = people.subscriptions.get(subscriptionId)?.customer.id ?? '';
  const bought = trail.schedules.get(subscriptionId)?.find(({ toState }) => toState === 'live');
  const payable = trail.customers.get(customerId)?.find(({ said }) => said.paymentMethod !== null);
  return bought && payable && [bought, payable];
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
    const late = shifted(startedAt, SENT_MS);
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
  const quiet = quietFrom(picture);
  if (quiet === null) return;
  for (const { what, id, due, taken } of plannedSteps(picture)) {
    if (taken <= lateAfter(due, quiet)) continue;
    yield violation(`${what} was to go on at ${due}, and did nothing until ${taken}`, id);
  }
}

interface PlannedStep {
  readonly what: string;
  readonly id: string;
  readonly paymentId: string;
  readonly due: string;
  /** Each step that is taken, or put off, is told: the next entry; or now. */
  readonly taken: string;
}

/** What was to be done next about each payment and refund, after each change of it. */
export function* plannedSteps({ trail, now }: Picture): Iterable<PlannedStep> {
  for (const [id, entries] of trail.payments) {
    const steps = dueSteps(entries, now, ({ nextAttemptAt, attempts }) => [
      nextAttemptAt,
      ...attempts.map(({ nextActionAt }) => nextActionAt),
    ]);
    for (const step of steps) yield { ...step, what: `payment ${id}`, id, paymentId: id };
  }
  for (const [id, entries] of trail.refunds) {
    const paymentId = entries[0]?.said.paymentId ?? '';
    const steps = dueSteps(entries, now, ({ nextActionAt }) => [nextActionAt]);
    for (const step of steps) yield { ...step, what: `refund ${id}`, id, paymentId };
  }
}

function* dueSteps<Facts>(
  entries: readonly Told<Facts>[],
  now: string,
  stepsOf: (said: Facts) => readonly (string | null)[],
): Iterable<Pick<PlannedStep, 'due' | 'taken'>> {
  for (const [index, { said, at }] of entries.entries()) {
    const first = stepsOf(said)
      .filter((step) => step !== null)
      .sort()[0];
    if (first === undefined) continue;
    yield { due: latestOf(first, at), taken: entries[index + 1]?.at ?? now };
  }
}
