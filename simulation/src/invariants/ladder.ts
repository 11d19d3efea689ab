import type { Invariant, Violation } from '../invariant';
import { addDays } from '../oracle/anniversaries';
import { chargeTime, DAY_MS, localDate, shifted } from '../oracle/london';
import { atRest, violation } from './judging';
import type { Picture } from './picture';
import type { Told } from './trail';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Whoever calls may take so long over it before somebody else asks what became of the call. */
const LEASE_MS = 5 * MINUTE_MS;
/** After a send or an enquiry that told nothing; the last repeats. Billing rules: “What an attempt can end as”. */
const ENQUIRIES_MS = [30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS];
const LONGEST_MS = 6 * HOUR_MS;
/** Where a charge begins that the provider has accepted: its webhook is waited for first. */
const ACCEPTED_RUNG = 2;

export const ladderInvariants: readonly Invariant[] = [
  atRest(
    'lateness/steps-are-near',
    'What is not known is asked about by the ladder: no step of a payment or a refund is planned for later than its rung, or the next daily slot.',
    stepsAreNear,
  ),
  atRest(
    'evidence/told-after-a-day',
    'A charge or refund that is still open when it is asked about after a day is shown to a person, and no other is.',
    toldAfterADay,
  ),
];

/** A charge or a refund, while the provider has not said its last word. */
interface Open {
  readonly id: string;
  readonly name: string;
  readonly status: 'calling' | 'unknown' | 'accepted' | 'not sent';
  readonly nextActionAt: string | null;
  readonly madeAt: string;
}

interface Step extends Open {
  readonly at: string;
  /** Something was heard of it before its time had come. */
  readonly isNews: boolean;
  /** Its time had come: somebody calls, unless this is an answer that came very late. */
  readonly isTaken: boolean;
  /** How often that was so, at least as often as it was asked about. */
  readonly taken: number;
}

/** Each time that something was planned anew for a charge or a refund. */
function* stepsOf(picture: Picture): Iterable<Step> {
  const { trail } = picture;
  for (const entries of trail.payments.values()) {
    yield* changesOf(entries, ({ attempts }) =>
      attempts.map(({ id, reference, status, nextActionAt, startedAt }) => ({
        ...{ id, name: `attempt ${reference}`, nextActionAt, madeAt: startedAt },
        status: STATUSES[status] ?? null,
      })),
    );
  }
  for (const entries of trail.refunds.values()) {
    yield* changesOf(entries, (refund) => {
      const { id, status, nextActionAt, createdAt, delivery, providerReference } = refund;
      const stage =
        delivery === 'to_send' ? 'not sent' : providerReference ? 'accepted' : 'unknown';
      return [
        {
          ...{ id, name: `refund ${id}`, nextActionAt, madeAt: createdAt },
          status: status === 'pending' ? stage : null,
        },
      ];
    });
  }
}

const STATUSES: Readonly<Record<string, Open['status']>> = {
  created: 'calling',
  unknown: 'unknown',
  pending: 'accepted',
  not_sent: 'not sent',
};

function* changesOf<Facts>(
  entries: readonly Told<Facts>[],
  partsOf: (said: Facts) => readonly (Omit<Open, 'status'> & { status: Open['status'] | null })[],
): Iterable<Step> {
  const known = new Map<string, Open>();
  const taken = new Map<string, number>();
  for (const { said, at } of entries) {
    for (const { status, ...part } of partsOf(said)) {
      if (status === null) continue;
      const before = known.get(part.id);
      const now = { ...part, status };
      known.set(part.id, now);
      if (before && before.nextActionAt === now.nextActionAt) continue;
      const isTaken =
        before !== undefined && before.nextActionAt !== null && before.nextActionAt <= at;
      const times = (taken.get(part.id) ?? 0) + (isTaken ? 1 : 0);
      taken.set(part.id, times);
      yield { ...now, at, isTaken, isNews: before !== undefined && !isTaken, taken: times };
    }
  }
}

function* stepsAreNear(picture: Picture): Iterable<Violation> {
  for (const step of stepsOf(picture)) {
    const { id, name, status, nextActionAt, at } = step;
    const latest = shifted(at, longestMs(step));
    if (nextActionAt === null || nextActionAt <= latest) continue;
    yield violation(
      `${name} was ${status} at ${at}, and is asked about at ${nextActionAt} instead of ${latest}`,
      id,
    );
  }
  for (const [id, entries] of picture.trail.payments) {
    for (const { said, at } of entries) {
      const latest = chargeTime(addDays(localDate(at), 1));
      if (said.nextAttemptAt === null || said.nextAttemptAt <= latest) continue;
      yield violation(
        `payment ${id} was ${said.status} at ${at}, and goes on at ${said.nextAttemptAt} instead of ${latest}`,
        ...[id, said.customerId],
      );
    }
  }
}

function longestMs({ status, isTaken, taken }: Step): number {
  const rung = (number: number) => ENQUIRIES_MS[number] ?? LONGEST_MS;
  switch (status) {
    case 'calling':
      return LEASE_MS;
    case 'unknown':
      return Math.max(rung(taken), isTaken ? LEASE_MS : 0);
    case 'accepted':
      return rung(ACCEPTED_RUNG + taken);
    case 'not sent':
      return LONGEST_MS;
  }
}

function* toldAfterADay(picture: Picture): Iterable<Violation> {
  const shown = picture.billing.discrepancies.filter(({ kind }) => kind === 'unknown_outcome');
  const told = new Set(shown.map(({ about }) => about));
  const longOpen = new Map<string, Set<string>>();
  for (const step of stepsOf(picture)) {
    const { id, name, at, madeAt } = step;
    if (!isOpen(step) || at < shifted(madeAt, DAY_MS)) continue;
    longOpen.set(id, (longOpen.get(id) ?? new Set()).add(at));
    if (told.has(id) || !step.isNews) continue;
    yield violation(`${name} of ${madeAt} was still open at ${at}, and nobody was told`, id);
  }
  for (const { about, openedAt } of shown) {
    if (longOpen.get(about)?.has(openedAt)) continue;
    yield violation(
      `${about} was shown as unknown at ${openedAt}, and was not so for a day`,
      about,
    );
  }
}

function isOpen({ status }: Open): boolean {
  return status === 'unknown' || status === 'accepted';
}
