import { z } from 'zod';
import type { Invariant, Violation } from '../invariant';
import { NO_ANSWER, type Refused } from '../record';
import { atRest, byAllClocks, violation } from './judging';
import { capturesOf, type Picture, takenMinor } from './picture';

const Order = z.object({ purchasedAt: z.string() });
const Wish = z.object({ amountMinor: z.int() });

type Holds = (refused: Refused, picture: Picture) => boolean;

/** Where a refusal has its reason in what nobody but the service knew at that moment. */
const atTimes: Holds = () => true;
const either =
  (...reasons: readonly Holds[]): Holds =>
  (refused, picture) =>
    reasons.some((holds) => holds(refused, picture));

/** That the same is under way may not be said for days. */
const CONFLICT = 409;
const OF_SUBSCRIPTIONS: Readonly<Record<string, Holds>> = {
  'not-found': isErased,
  'subscription-ended': hasEnded,
};
const OF_CUSTOMERS: Readonly<Record<string, Holds>> = { 'not-found': isErased };

/** What may be refused, for which reason, and whether that is so; all else is done, sooner or later. */
const RULES: Readonly<Record<string, Readonly<Record<string, Holds>>>> = {
  subscribe: { 'invalid-input': either(isErased, hasLostCard, isInFuture) },
  erase: OF_CUSTOMERS,
  'replace-card': {
    ...OF_CUSTOMERS,
    ...{ 'attempt-unresolved': atTimes, 'invalid-input': hasLostCard },
  },
  cancel: OF_SUBSCRIPTIONS,
  'revoke-cancellation': OF_SUBSCRIPTIONS,
  refund: {
    'nothing-left': either(isAllAskedBack, isNotTaken),
    'exceeds-payment': isMoreThanLeft,
  },
  'resolve-discrepancy': { 'already-resolved': atTimes },
  'retry-message': { 'not-found': atTimes },
};

export const refusedInvariants: readonly Invariant[] = [
  atRest(
    'answers/refused-by-rule',
    'Nobody is refused anything but what a rule forbids, and for the reason that is given.',
    function* (picture) {
      for (const refused of picture.record.refusals) yield* groundless(refused, picture);
    },
  ),
];

function* groundless(refused: Refused, picture: Picture): Iterable<Violation> {
  const { person, what, path, status, code, at } = refused;
  const isHolding =
    code === NO_ANSWER ? status !== CONFLICT : RULES[what]?.[code]?.(refused, picture);
  if (isHolding) return;
  yield violation(
    `person ${person} asked at ${path} to ${what} and was told ${status} ${code} at ${at}`,
    idIn(path),
  );
}

function isErased({ person, at }: Refused, { record }: Picture): boolean {
  return record.deeds.some(
    (deed) => deed.kind === 'erased' && deed.person === person && deed.from <= at,
  );
}

function hasLostCard({ person, at }: Refused, { record }: Picture): boolean {
  return record.deeds.some(
    (deed) => deed.kind === 'card-lost' && deed.person === person && deed.at <= at,
  );
}

function hasEnded({ path, at }: Refused, { subscriptions }: Picture): boolean {
  const subscription = subscriptions.subscriptions.find(({ id }) => id === idIn(path));
  return typeof subscription?.endedAt === 'string' && subscription.endedAt <= byAllClocks(at);
}

function isAllAskedBack({ path }: Refused, picture: Picture): boolean {
  return everLeftOf(idIn(path), picture) <= 0;
}

/** Which item has how much left is not judged. */
function isMoreThanLeft({ path, body }: Refused, picture: Picture): boolean {
  const { success, data } = Wish.safeParse(body);
  return !success || data.amountMinor > everLeftOf(idIn(path), picture);
}

/** Of what the payment took, if all that was ever asked back of it is gone. */
function everLeftOf(id: string, picture: Picture): number {
  const taken = capturesOf(id, picture).reduce((sum, one) => sum + takenMinor(one), 0);
  return taken - sumOf(picture.refundsOf(id));
}

function sumOf(amounts: readonly { readonly amountMinor: number }[]): number {
  return amounts.reduce((total, { amountMinor }) => total + amountMinor, 0);
}

/** By a clock that is slow. */
function isInFuture({ body, from }: Refused): boolean {
  const { success, data } = Order.safeParse(body);
  return success && byAllClocks(data.purchasedAt) >= from;
}

/** There was no money yet. */
function isNotTaken({ path, at }: Refused, { attemptsOf }: Picture): boolean {
  return attemptsOf(idIn(path)).every(
    ({ status, settledAt }) => status !== 'succeeded' || byAllClocks(settledAt ?? at) >= at,
  );
}

/** Of whom or what it is about. */
function idIn(path: string): string {
  return path.split('/')[2] ?? '';
}
