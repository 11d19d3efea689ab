import type { Invariant, Violation } from '../invariant';
import { NO_ANSWER, type Refused } from '../record';
import { atRest, byAllClocks, violation } from './judging';
import type { Picture } from './picture';

type Holds = (refused: Refused, picture: Picture) => boolean;

/** Where a refusal has its reason in what nobody but the service knew at that moment. */
const atTimes: Holds = () => true;

/** What a service says when it cannot; all else it says about what is asked. */
const MAY_LAST = [429, 503];
const OF_SUBSCRIPTIONS: Readonly<Record<string, Holds>> = {
  'not-found': isErased,
  'subscription-ended': hasEnded,
};
const OF_CUSTOMERS: Readonly<Record<string, Holds>> = { 'not-found': isErased };

/** What may be refused, for which reason, and whether that is so; all else is done, sooner or later. */
const RULES: Readonly<Record<string, Readonly<Record<string, Holds>>>> = {
  subscribe: { 'invalid-input': (...of) => isErased(...of) || hasLostCard(...of) },
  erase: OF_CUSTOMERS,
  'replace-card': {
    ...OF_CUSTOMERS,
    ...{ 'attempt-unresolved': atTimes, 'invalid-input': hasLostCard },
  },
  cancel: OF_SUBSCRIPTIONS,
  'revoke-cancellation': OF_SUBSCRIPTIONS,
  refund: { 'nothing-left': isAllAskedBack, 'exceeds-payment': atTimes },
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
    code === NO_ANSWER
      ? status === null || MAY_LAST.includes(status)
      : RULES[what]?.[code]?.(refused, picture);
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

function isAllAskedBack({ path }: Refused, { payment, cyclesOf, refundsOf }: Picture): boolean {
  const id = idIn(path);
  const sum = (amounts: readonly { readonly amountMinor: number }[]) =>
    amounts.reduce((total, { amountMinor }) => total + amountMinor, 0);
  return payment.has(id) && sum(refundsOf(id)) >= sum(cyclesOf(id));
}

/** Of whom or what it is about. */
function idIn(path: string): string {
  return path.split('/')[2] ?? '';
}
