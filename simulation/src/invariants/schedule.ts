import type { Invariant, Violation } from '../invariant';
import { daysFrom } from '../oracle/anniversaries';
import { localDate } from '../oracle/london';
import { atRest, byAllClocks, violation } from './judging';
import { wordOf } from './lateness';
import { isOpen } from './liveness';
import type { Picture } from './picture';
import type { CycleRow, PaymentRow } from './tables';
import type { Entry } from './trail';

/** `CATCH_UP_MAX_DAYS` as it is by default. */
const CATCH_UP_DAYS = 35;

export const scheduleInvariants: readonly Invariant[] = [
  atRest(
    'schedule/dates-are-the-oracles',
    'Anchors, billing dates and amounts are those of the oracle, whatever happened on the way.',
    datesAreTheOracles,
  ),
  atRest(
    'schedule/not-before-its-time',
    'No cycle is found due, and no charge is sent, before the charge time of its date.',
    notBeforeItsTime,
  ),
  atRest(
    'schedule/waived-only-when-late',
    'A cycle is waived if and only if it was first found due more than 35 days late, behind no open payment.',
    waivedOnlyWhenLate,
  ),
  atRest(
    'schedule/charged-together',
    'What is due together for one customer, date and currency is one payment, unless the customer wants them apart.',
    chargedTogether,
  ),
  atRest(
    'schedule/one-open-payment',
    'A subscription has one open payment at a time, and its cycles are collected oldest first.',
    oneOpenPayment,
  ),
];

function* datesAreTheOracles(picture: Picture): Iterable<Violation> {
  const { billing, people, payment } = picture;
  for (const cycle of billing.cycles) {
    const plan = people.subscriptions.get(cycle.subscriptionId)?.plan;
    const name = `${cycle.subscriptionId}:${cycle.cycle}`;
    if (!plan || cycle.cycle < Math.min(...plan.firstCycles)) {
      yield violation(`nobody owes cycle ${name}`, cycle.subscriptionId);
      continue;
    }
    const said = `${cycle.billingDate} ${cycle.amountMinor} ${cycle.currency}`;
    const right = `${plan.dateOf(cycle.cycle)} ${plan.amountMinor} ${plan.currency}`;
    if (said !== right)
      yield violation(`cycle ${name} is ${said} instead of ${right}`, cycle.subscriptionId);
    const holder = payment.get(cycle.paymentId ?? '');
    if (holder && holder.billingDate !== cycle.billingDate) {
      yield violation(
        `cycle ${name} of ${cycle.billingDate} is in payment ${holder.id} of ${holder.billingDate}`,
        holder.id,
      );
    }
  }
  yield* schedulesAreTheOracles(picture);
}

function* schedulesAreTheOracles({ billing, people, subscriptions }: Picture): Iterable<Violation> {
  for (const row of billing.schedules) {
    const plan = people.subscriptions.get(row.subscriptionId)?.plan;
    if (!plan || row.nextCycle === null) continue;
    const next = row.state === 'live' ? plan.dateOf(row.nextCycle) : null;
    const said = [
      row.anchorDate,
      row.billingInterval,
      row.amountMinor,
      row.currency,
      row.nextBillingDate,
    ];
    const { interval } = plan.purchase;
    const right = [plan.anchor, interval, plan.amountMinor, plan.currency, next];
    const isFirst = plan.firstCycles.some((n) => n === row.firstCycle);
    if (isFirst && said.join() === right.join()) continue;
    yield violation(
      `the schedule of ${row.subscriptionId} is ${said.join(' ')} from ${row.firstCycle} instead of ${right.join(' ')} from ${plan.firstCycles.join(' or ')}`,
      row.subscriptionId,
    );
  }
  for (const row of subscriptions.subscriptions) {
    const plan = people.subscriptions.get(row.id)?.plan;
    if (!plan || plan.anchor === row.anchorDate) continue;
    yield violation(
      `subscription ${row.id} has the anchor ${row.anchorDate} instead of ${plan.anchor}`,
      row.id,
    );
  }
}

function* notBeforeItsTime({ billing, people, callsOf }: Picture): Iterable<Violation> {
  for (const { subscriptionId, cycle, foundAt } of billing.cycles) {
    const plan = people.subscriptions.get(subscriptionId)?.plan;
    if (plan && byAllClocks(foundAt) < plan.chargeTimeOf(cycle)) {
      yield violation(
        `cycle ${subscriptionId}:${cycle} of ${plan.dateOf(cycle)} was found at ${foundAt}`,
        subscriptionId,
      );
    }
  }
  for (const attempt of billing.attempts) {
    for (const { subscriptionId, cycle } of attempt.items ?? []) {
      const plan = people.subscriptions.get(subscriptionId)?.plan;
      const early = callsOf(attempt).find(
        ({ at, kind }) => kind === 'charge' && plan && byAllClocks(at) < plan.chargeTimeOf(cycle),
      );
      if (!early) continue;
      yield violation(
        `cycle ${subscriptionId}:${cycle} of ${plan?.dateOf(cycle)} was charged at ${early.at}`,
        ...[subscriptionId, attempt.reference],
      );
    }
  }
}

function* waivedOnlyWhenLate(picture: Picture): Iterable<Violation> {
  const shown = new Set(
    picture.billing.discrepancies
      .filter(({ kind }) => kind === 'waived_cycle')
      .map(({ about }) => about),
  );
  for (const cycle of picture.billing.cycles) {
    const daysLate = daysFrom(cycle.billingDate, localDate(cycle.foundAt));
    const name = `cycle ${cycle.subscriptionId}:${cycle.cycle} of ${cycle.billingDate}`;
    if (cycle.status === 'waived' && daysLate <= CATCH_UP_DAYS) {
      yield violation(`${name} was waived ${daysLate} days late`, cycle.subscriptionId);
    }
    const isShown = shown.has(`${cycle.subscriptionId}:${cycle.cycle}`);
    if (cycle.status === 'waived' && !isShown) {
      yield violation(`${name} was waived, and shown to nobody`, cycle.subscriptionId);
    }
    if (cycle.status !== 'waived' && daysLate > CATCH_UP_DAYS && !isBehindAnother(cycle, picture)) {
      yield violation(
        `${name} was found ${daysLate} days late and not waived`,
        cycle.subscriptionId,
      );
    }
  }
}

/** Whether a payment of an older cycle stood in its way then. */
function isBehindAnother(
  cycle: CycleRow,
  { cyclesOfSubscription, trail }: Picture,
  then = cycle.foundAt,
  isPast = ({ at }: Entry) => at < then,
): boolean {
  return cyclesOfSubscription(cycle.subscriptionId).some((other) => {
    if (other.cycle >= cycle.cycle) return false;
    const entries = trail.payments.get(other.paymentId ?? '') ?? [];
    const [begin] = entries;
    const end = entries.find(({ said }) => !isOpen(said));
    return begin && (begin.at === then || isPast(begin)) && !(end && isPast(end));
  });
}

function* chargedTogether(picture: Picture): Iterable<Violation> {
  const { people, cyclesOf } = picture;
  for (const [customerId, payments] of paymentsOfADay(picture)) {
    if (people.customers.get(customerId)?.combineCharges === false) {
      for (const { id } of payments.filter((payment) => cyclesOf(payment.id).length > 1)) {
        yield violation(
          `payment ${id} is of several cycles, and customer ${customerId} wants them apart`,
          ...[id, customerId],
        );
      }
      continue;
    }
    for (const [index, later] of payments.entries()) {
      const earlier = payments.slice(0, index).find((other) => couldHold(other, later, picture));
      if (!earlier) continue;
      yield violation(
        `payments ${earlier.id} of ${earlier.createdAt} and ${later.id} of ${later.createdAt} for ${later.billingDate} were made apart`,
        ...[later.id, customerId],
      );
    }
  }
}

/** With their customer: those of one currency and billing date, in the order in which they were made. */
function paymentsOfADay(picture: Picture): (readonly [string, readonly PaymentRow[]])[] {
  const groups = new Map<string, PaymentRow[]>();
  for (const payment of picture.billing.payments) {
    const { customerId, currency, billingDate } = payment;
    const key = `${customerId} ${currency} ${billingDate}`;
    groups.set(key, [...(groups.get(key) ?? []), payment]);
  }
  return [...groups].map(([key, payments]) => [
    key.split(' ')[0] ?? '',
    payments.sort((one, other) => madeAt(one, picture) - madeAt(other, picture)),
  ]);
}

/** In the audit, whose order does not depend on anybody's clock. */
function madeAt({ id }: PaymentRow, { trail }: Picture): number {
  return trail.payments.get(id)?.[0]?.position ?? Number.MAX_SAFE_INTEGER;
}

/** Whether something of the later one was known to be owed, and waited for nothing, when the earlier was made. */
function couldHold(earlier: PaymentRow, later: PaymentRow, picture: Picture): boolean {
  const { createdAt: then } = earlier;
  if (later.createdAt === then) return true;
  const position = madeAt(earlier, picture);
  const isPast = (entry: Entry) => entry.position < position;
  return picture
    .cyclesOf(later.id)
    .some(
      (cycle) =>
        wordOf(cycle.subscriptionId, picture)?.every(isPast) &&
        !isBehindAnother(cycle, picture, then, isPast),
    );
}

function* oneOpenPayment({ people, trail, ...picture }: Picture): Iterable<Violation> {
  for (const subscription of people.subscriptions.values()) {
    const cycles = [...picture.cyclesOfSubscription(subscription.id)].sort(
      (a, b) => a.cycle - b.cycle,
    );
    let before: { readonly end: number; readonly cycle: number } | null = null;
    for (const { cycle, paymentId } of cycles) {
      const entries = trail.payments.get(paymentId ?? '') ?? [];
      const begin = entries[0]?.position;
      if (begin === undefined) continue;
      if (before && begin < before.end) {
        yield violation(
          `cycle ${subscription.id}:${cycle} was charged while ${before.cycle} was still open`,
          ...[subscription.id, subscription.customer.id],
        );
      }
      const over = entries.find(
        ({ said }) =>
          !isOpen(said) ||
          !said.items.some(
            (item) => item.subscriptionId === subscription.id && item.status === 'owed',
          ),
      );
      before = { cycle, end: over?.position ?? Number.POSITIVE_INFINITY };
    }
  }
}
