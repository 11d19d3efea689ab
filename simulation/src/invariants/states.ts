import { z } from 'zod';
import type { Invariant, Violation } from '../invariant';
import { atRest, violation } from './judging';
import type { Picture } from './picture';
import type { Entry } from './trail';

type Table = Readonly<Record<string, readonly string[]>>;

/** From the rules, by hand: what may follow what. `new`: nothing was there before. */
const PAYMENT: Table = {
  new: ['scheduled', 'processing', 'abandoned'],
  scheduled: ['scheduled', 'processing', 'retrying', 'succeeded', 'exhausted', 'abandoned'],
  processing: ['scheduled', 'processing', 'retrying', 'succeeded', 'exhausted', 'abandoned'],
  retrying: ['retrying', 'processing', 'succeeded', 'exhausted', 'abandoned'],
  succeeded: ['succeeded'],
  // Money that came after all.
  exhausted: ['exhausted', 'succeeded'],
  abandoned: ['abandoned', 'succeeded'],
};
const ATTEMPT: Table = {
  new: ['created'],
  created: ['created', 'pending', 'unknown', 'not_sent', 'succeeded', 'declined'],
  unknown: ['unknown', 'pending', 'not_sent', 'succeeded', 'declined'],
  pending: ['pending', 'succeeded', 'declined'],
  not_sent: ['not_sent', 'created', 'pending', 'succeeded', 'declined'],
  declined: ['declined', 'succeeded'],
  succeeded: ['succeeded'],
};
const ITEM: Table = {
  new: ['owed', 'dropped', 'paid'],
  owed: ['owed', 'paid', 'dropped'],
  dropped: ['dropped', 'paid'],
  paid: ['paid'],
};
const BILLING: Readonly<Record<string, Table>> = {
  payment: PAYMENT,
  refund: {
    new: ['pending', 'succeeded'],
    pending: ['pending', 'succeeded', 'failed'],
    failed: ['failed', 'succeeded'],
    succeeded: ['succeeded'],
  },
  subscription: {
    new: ['awaited', 'live', 'ended'],
    awaited: ['awaited', 'live', 'ended'],
    live: ['live', 'ended'],
    // What was bought may be heard of after the end.
    ended: ['ended'],
  },
};
const SUBSCRIPTIONS: Readonly<Record<string, Table>> = {
  subscription: {
    new: ['active'],
    active: ['active', 'past_due', 'cancelled', 'terminated'],
    past_due: ['active', 'past_due', 'cancelled', 'terminated'],
    cancelled: [],
    terminated: [],
  },
  customer: { new: ['registered'], registered: ['registered', 'erased'], erased: [] },
};

export const stateInvariants: readonly Invariant[] = [
  atRest(
    'states/allowed-transitions',
    'Payments, refunds and subscriptions change only as the rules say, each change from where the one before had led.',
    allowedTransitions,
  ),
  atRest(
    'states/attempts-and-items',
    'Attempts and the cycles of a payment change only as the rules say: a final outcome stays, but for money that came after all.',
    attemptsAndItems,
  ),
  atRest(
    'states/news-do-not-go-back',
    'What was heard of a payment, or of a cancellation, is never overwritten by something older.',
    newsDoNotGoBack,
  ),
  atRest(
    'states/final-is-final',
    'The end of a subscription stays as it was: its cause and its time.',
    finalIsFinal,
  ),
];

function* allowedTransitions({ trail }: Picture): Iterable<Violation> {
  yield* transitionsOf(trail.entries.billing, BILLING, 'billing');
  yield* transitionsOf(trail.entries.subscriptions, SUBSCRIPTIONS, 'subscriptions');
}

function* transitionsOf(
  entries: readonly Entry[],
  tables: Readonly<Record<string, Table>>,
  service: string,
): Iterable<Violation> {
  const states = new Map<string, string>();
  for (const { entityType, entityId, fromState, toState, at } of entries) {
    const table = tables[entityType];
    if (!table) continue;
    const key = `${entityType} ${entityId}`;
    const before = states.get(key) ?? null;
    states.set(key, toState);
    const change = `${service}: ${key} went from ${fromState} to ${toState} at ${at}`;
    if (fromState !== before) yield violation(`${change}, and was ${before}`, entityId);
    if (!table[fromState ?? 'new']?.includes(toState)) yield violation(change, entityId);
  }
}

function* attemptsAndItems({ trail }: Picture): Iterable<Violation> {
  for (const [paymentId, entries] of trail.payments) {
    const states = new Map<string, string>();
    for (const { said, at } of entries) {
      const parts = [
        ...said.attempts.map(({ id, status }) => [ATTEMPT, `attempt ${id}`, status] as const),
        ...said.items.map(
          (item) => [ITEM, `cycle ${item.subscriptionId}:${item.cycle}`, item.status] as const,
        ),
      ];
      for (const [table, name, status] of parts) {
        const before = states.get(name) ?? 'new';
        states.set(name, status);
        if (table[before]?.includes(status)) continue;
        yield violation(`${name} went from ${before} to ${status} at ${at}`, paymentId);
      }
      const known = new Set<string>(parts.map(([, name]) => name));
      for (const name of states.keys()) {
        if (!known.has(name)) yield violation(`${name} was forgotten at ${at}`, paymentId);
      }
    }
  }
}

const Heard = z.object({
  payment: z
    .object({ paymentId: z.string(), billingDate: z.string(), version: z.number() })
    .nullish(),
  noticeVersion: z.number().optional(),
});

function* newsDoNotGoBack({ trail }: Picture): Iterable<Violation> {
  for (const service of ['billing', 'subscriptions'] as const) {
    const known = new Map<string, z.output<typeof Heard>>();
    for (const { entityType, entityId, facts, at } of trail.entries[service]) {
      if (entityType !== 'subscription') continue;
      const heard = Heard.parse(JSON.parse(facts));
      const before = known.get(entityId);
      known.set(entityId, heard);
      if (before && isOlder(heard, before))
        yield violation(
          `${service}: subscription ${entityId} knew ${JSON.stringify(before)}, and at ${at} ${JSON.stringify(heard)}`,
          entityId,
        );
    }
  }
}

function isOlder(
  { payment, noticeVersion }: z.output<typeof Heard>,
  before: z.output<typeof Heard>,
): boolean {
  if ((noticeVersion ?? 0) < (before.noticeVersion ?? 0)) return true;
  if (!before.payment || !payment) return false;
  if (payment.paymentId === before.payment.paymentId)
    return payment.version < before.payment.version;
  return payment.billingDate < before.payment.billingDate;
}

/** Read as text: whatever is said of an end is said so for ever. */
function* finalIsFinal({ trail, billing, subscriptions }: Picture): Iterable<Violation> {
  const ends = new Map<string, string>();
  for (const { entityType, entityId, toState, facts, at } of trail.entries.billing) {
    if (entityType !== 'subscription' || toState !== 'ended') continue;
    const end = JSON.stringify(JSON.parse(facts).end);
    const before = ends.get(entityId) ?? end;
    ends.set(entityId, before);
    if (end !== before)
      yield violation(
        `subscription ${entityId} ended as ${before}, and at ${at} as ${end}`,
        entityId,
      );
  }
  const live = billing.schedules.filter(({ state }) => state !== 'ended');
  for (const { subscriptionId } of live.filter((one) => ends.has(one.subscriptionId))) {
    yield violation(`billing: subscription ${subscriptionId} lives again`, subscriptionId);
  }
  const over = new Map<string, string>();
  for (const { entityType, entityId, toState } of trail.entries.subscriptions) {
    if (entityType !== 'subscription') continue;
    if (toState === 'cancelled' || toState === 'terminated') over.set(entityId, toState);
  }
  for (const { id, status } of subscriptions.subscriptions) {
    const told = over.get(id);
    if (told && told !== status)
      yield violation(`subscription ${id} was ${told} and is ${status}`, id);
  }
}
