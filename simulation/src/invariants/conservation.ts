import type { Invariant, Violation } from '../invariant';
import { shifted } from '../oracle/london';
import { atRest, endOf, violation } from './judging';
import { capturesOf, keptMinor, type Picture, takenMinor } from './picture';

export const conservationInvariants: readonly Invariant[] = [
  atRest(
    'audit/conservation-of-debt',
    'What each subscription came to owe by the oracle is what was paid, is open, was waived or was dropped.',
    conservationOfDebt,
  ),
  atRest(
    'audit/conservation-of-money',
    "What was paid, less what was refunded, is what the providers' books have kept; and paid is what the first charge asked for.",
    conservationOfMoney,
  ),
];

/** A cycle that falls due in this minute may not have been found yet. */
const JUST_DUE_MS = 60_000;

function* conservationOfDebt(picture: Picture): Iterable<Violation> {
  const { billing, people, now } = picture;
  const ends = new Map(billing.schedules.map((row) => [row.subscriptionId, endOf(row)]));
  const until = shifted(now, -JUST_DUE_MS);
  for (const { id, plan, customer } of people.subscriptions.values()) {
    const end = ends.get(id) ?? Number.POSITIVE_INFINITY;
    const due = plan.dueUntil(until).filter((n) => n < end);
    const counted = picture
      .cyclesOfSubscription(id)
      .filter(({ cycle }) => cycle < end && cycle >= Math.max(...plan.firstCycles))
      .filter(({ cycle }) => plan.chargeTimeOf(cycle) <= until);
    const owed = due.length * plan.amountMinor;
    const sums = { paid: 0, open: 0, waived: 0, dropped: 0 };
    for (const { status, amountMinor } of counted) sums[PART[status] ?? 'open'] += amountMinor;
    const told = sums.paid + sums.open + sums.waived + sums.dropped;
    if (told === owed) continue;
    yield violation(
      `subscription ${id} owes ${owed} ${plan.currency}, and has ${JSON.stringify(sums)}`,
      id,
      customer.id,
    );
  }
}

const PART: Readonly<Record<string, 'paid' | 'open' | 'waived' | 'dropped'>> = {
  ...{ paid: 'paid', owed: 'open', waiting: 'open', waived: 'waived', dropped: 'dropped' },
};

function* conservationOfMoney(picture: Picture): Iterable<Violation> {
  for (const { id, customerId } of picture.billing.payments) {
    const attempts = picture.attemptsOf(id);
    const [first, ...others] = capturesOf(id, picture).map(takenMinor);
    const paid = picture
      .cyclesOf(id)
      .filter(({ status }) => status === 'paid')
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const refunded = picture
      .refundsOf(id)
      .filter(({ status }) => status !== 'failed')
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const charges = attempts.flatMap((attempt) => picture.chargesOf(attempt));
    const kept = charges.reduce((sum, charge) => sum + keptMinor(charge), 0);
    // A refund that nobody ever told us of is for a person to book; they have been shown it.
    const foundLate = charges
      .flatMap(({ refunds }) => refunds)
      .filter((refund) => refund.status === 'succeeded' && isShownOnly(refund, picture))
      .reduce((sum, { amount }) => sum + amount, 0);
    const ours = paid + others.reduce((sum, amount) => sum + amount, 0) - refunded - foundLate;
    if (paid === (first ?? 0) && ours === kept) continue;
    yield violation(
      `payment ${id}: ${paid} paid of ${first ?? 0} taken, ${refunded} refunded; the provider has kept ${kept}`,
      ...[id, customerId],
    );
  }
}

/** Of the dashboard, told by no webhook that got through, and found by reconciliation. */
function isShownOnly({ id }: { readonly id: string }, { billing }: Picture): boolean {
  return (
    !billing.refunds.some(({ providerReference }) => providerReference === id) &&
    billing.discrepancies.some(
      ({ kind, about, details }) => kind === 'refund_differs' && `${about} ${details}`.includes(id),
    )
  );
}
