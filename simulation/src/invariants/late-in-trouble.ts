import type { Invariant, Violation } from '../invariant';
import { shifted } from '../oracle/london';
import { atRest, SKEW_MS, violation } from './judging';
import { dueMoments, knownAt, lateAfter, latestOf, plannedSteps } from './lateness';
import type { Picture } from './picture';
import type { PaymentFacts, Told } from './trail';

/** An account that could not be decided about is set aside for ten minutes. */
const SET_ASIDE_MS = 15 * 60_000;
/** As a run signs what it does. */
const BY_A_RUN = 'timer:run';

/** Faults keep up a few in a hundred; how many, nobody can say of few. */
const MOST_LATE = 0.2;
const ENOUGH = 50;

/** On all days, the bad ones too. A torture has none of them: its clock jumps, and a lock may last. */
export const lateInTroubleInvariants: readonly Invariant[] = [
  atRest(
    'lateness/longest-due-first',
    'On no day is anything left lying for a quarter of an hour after its time, while a run takes up what came later.',
    longestDueFirst,
  ),
  atRest(
    'lateness/rarely-late',
    'What was planned for a payment or a refund is late by more than a minute only now and then: a fault has to keep it up.',
    rarelyLate,
  ),
];

/** Something whose time came, and when it was taken up. */
interface Waited {
  readonly what: string;
  readonly customerId: string;
  readonly due: string;
  readonly taken: string;
  readonly about: string;
}

/** What a run took up of one customer, all at once. */
interface Taken {
  readonly at: string;
  readonly customerId: string;
  readonly provider: string | null;
  /** Of all that, what had waited longest. */
  readonly due: string;
}

function* longestDueFirst(picture: Picture): Iterable<Violation> {
  if (picture.record.healedAt === null) return;
  const all = [...waited(picture)];
  const byRuns = takenByRuns(picture, all);
  for (const { what, customerId, due, taken, about } of all) {
    const from = shifted(due, SET_ASIDE_MS);
    const to = shifted(taken, -2 * SKEW_MS);
    const provider = providerOf(customerId, picture);
    if (from >= to || provider === null) continue;
    const later = byRuns.find(
      (one) => one.provider === provider && one.at > from && one.at < to && one.due > due,
    );
    if (!later) continue;
    yield violation(
      `${what} was due at ${due}, and lay there until ${taken}, while at ${later.at} something of customer ${later.customerId} was taken up that was due at ${later.due}`,
      ...[about, customerId],
    );
  }
}

/** By whose run a customer's work is done; null: by several in turn, or nobody's. */
function providerOf(customerId: string, { people }: Picture): string | null {
  const methods = people.customers.get(customerId)?.methods ?? [];
  const [provider, another] = new Set(methods.map((method) => method.provider));
  return another === undefined ? (provider ?? null) : null;
}

function takenByRuns(picture: Picture, all: readonly Waited[]): readonly Taken[] {
  const sends = new Set<string>();
  for (const [id, entries] of picture.trail.payments) {
    const customerId = picture.payment.get(id)?.customerId ?? '';
    for (const { at } of entries.filter(isSend)) sends.add(`${customerId} ${at}`);
  }
  const taken = new Map<string, Taken>();
  for (const { customerId, taken: at, due } of all) {
    const name = `${customerId} ${at}`;
    const longest = taken.get(name);
    if (!sends.has(name) || (longest && longest.due <= due)) continue;
    taken.set(name, { at, customerId, due, provider: providerOf(customerId, picture) });
  }
  return [...taken.values()];
}

/** Only a run decides to send; what answers become known may be written by whoever stood still meanwhile. */
function isSend(
  { said, triggerRef }: Told<PaymentFacts>,
  index: number,
  entries: readonly Told<PaymentFacts>[],
): boolean {
  return triggerRef === BY_A_RUN && sendsOf(said) > sendsOf(entries[index - 1]?.said);
}

function sendsOf(payment: PaymentFacts | undefined): number {
  return payment?.attempts.reduce((sum, { sends }) => sum + sends, 0) ?? 0;
}

function* waited(picture: Picture): Iterable<Waited> {
  const { people } = picture;
  for (const { subscriptionId, cycle, at } of dueMoments(picture.billing)) {
    const subscription = people.subscriptions.get(subscriptionId);
    if (!subscription) continue;
    const { plan, customer } = subscription;
    const due = latestOf(plan.chargeTimeOf(cycle), knownAt(subscriptionId, picture));
    const what = `cycle ${subscriptionId}:${cycle}`;
    yield { what, customerId: customer.id, due, taken: at, about: subscriptionId };
  }
  for (const { what, id, paymentId, due, taken } of plannedSteps(picture)) {
    const customerId = picture.payment.get(paymentId)?.customerId ?? '';
    yield { what, customerId, due, taken, about: id };
  }
}

function* rarelyLate(picture: Picture): Iterable<Violation> {
  if (picture.record.healedAt === null) return;
  // What was told before its time had come needed no step.
  const steps = [...plannedSteps(picture)].filter(({ due, taken }) => taken >= due);
  const late = steps.filter(({ due, taken }) => taken > lateAfter(due));
  const [first] = late;
  if (!first || steps.length < ENOUGH || late.length <= MOST_LATE * steps.length) return;
  yield violation(
    `${late.length} of ${steps.length} steps were late, as ${first.what} of ${first.due}, which waited until ${first.taken}`,
    first.id,
  );
}
