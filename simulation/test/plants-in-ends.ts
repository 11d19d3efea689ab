import { NO_ANSWER } from '../src/record';
import {
  alter,
  alterCharge,
  alterTrail,
  both,
  type Fits,
  found,
  inTable,
  type Plant,
  repeat,
  shift,
} from './planting';
import type { Planted } from './plants';

const DAY_MS = 86_400_000;
type Facts = Record<string, unknown>;
const entryOf = (type: string, state: string) => (entry: Readonly<Facts>) =>
  entry['entityType'] === type && entry['toState'] === state;
const attemptsOf = (facts: Facts) => facts['attempts'] as Facts[];
const failed = ({ status }: { readonly status: string }) => status === 'failed';
const ended: Fits = ({ status }) => status === 'cancelled';

/** In all that the trail tells of customers, from the beginning. */
function ofCustomers(said: string, instead: string): Plant {
  return inTable('billing', 'audit_entries', (rows) =>
    rows.map((row) =>
      row['entityType'] === 'customer'
        ? { ...row, facts: String(row['facts']).replaceAll(said, instead) }
        : row,
    ),
  );
}

const allCardsLost = ofCustomers('"unavailable":null', '"unavailable":"expired"');

/** What was asked for took place before the charge, which stands. */
function wishedEarlier(days: number, kind: 'cancelled' | 'erased'): Plant {
  return (record) => {
    const deed = found(record.deeds, (one) => one.kind === kind);
    if (!('to' in deed)) return record;
    const earlier = { from: shift(deed.from, -days * DAY_MS), to: shift(deed.to, -days * DAY_MS) };
    return {
      ...record,
      deeds: record.deeds.map((one) => (one === deed ? { ...deed, ...earlier } : one)),
    };
  };
}

/** Who asked for an end was told no, and why. */
function refusedEnd(status: number, code: string): Plant {
  return (record) => {
    const deed = record.deeds.find((one) => one.kind === 'subscribed');
    if (!deed) throw new Error('nobody has bought anything');
    const { person, subscriptionId, to: at } = deed;
    const path = `/subscriptions/${subscriptionId}/cancellation`;
    const refusal = { person, what: 'cancel', path, body: {}, status, code, uncertain: false };
    return { ...record, refusals: [...record.refusals, { ...refusal, from: at, at }] };
  };
}

/** On the day on which it was asked for, and not at the next date. */
function endedEarly(reason: string): Plant {
  return both(
    alter(
      'subscriptions',
      'subscriptions',
      ({ endReason, endedAt }) => endReason === reason && String(endedAt) > '2026-03',
      { endedAt: '2026-02-20T10:00:02.000Z' },
    ),
    inTable('billing', 'schedules', (rows) => rows.map((row) => ({ ...row, skippedCycle: null }))),
  );
}

function withoutDeeds(kind: string): Plant {
  return (record) => ({ ...record, deeds: record.deeds.filter((deed) => deed.kind !== kind) });
}

export const PLANTS_IN_ENDS: readonly Planted[] = [
  [
    'dunning/one-a-day',
    'a second attempt on the same day',
    alterCharge(failed, ({ createdAt }) => ({ createdAt: shift(createdAt, DAY_MS) })),
  ],
  [
    'dunning/grace-counts-from-the-first-charge',
    'grace that counts from another day',
    alter('billing', 'payments', ({ status }) => status === 'exhausted', {
      firstReachedOn: '2026-01-01',
    }),
  ],
  [
    'dunning/next-day',
    'an attempt on the same day again',
    alterTrail('billing', entryOf('payment', 'retrying'), ({ nextAttemptAt }) => ({
      facts: { nextAttemptAt: shift(nextAttemptAt, -DAY_MS) },
    })),
  ],
  [
    'dunning/next-day',
    'a payment given up on the first day',
    alterTrail('billing', entryOf('payment', 'retrying'), () => ({
      facts: { status: 'exhausted' },
    })),
  ],
  [
    'dunning/last-decline',
    'a payment given up a day too early',
    alterTrail('billing', entryOf('payment', 'exhausted'), (_, { at }) => ({
      entry: { at: shift(at, -DAY_MS) },
    })),
  ],
  [
    'dunning/last-decline',
    'an outage that counts as the last decline',
    alterTrail('billing', entryOf('payment', 'exhausted'), (facts) => ({
      facts: {
        attempts: attemptsOf(facts).map((one) =>
          one['number'] === 6 ? { ...one, status: 'not_sent' } : one,
        ),
      },
    })),
  ],
  [
    'dunning/last-decline',
    'a subscription that is terminated too much',
    alter('subscriptions', 'subscriptions', ({ status }) => status === 'active', {
      status: 'terminated',
      paymentId: 'p',
    }),
  ],
  [
    'dunning/nothing-open-at-the-end',
    'a payment given up while an attempt is unknown',
    alterTrail('billing', entryOf('payment', 'exhausted'), (facts) => ({
      facts: { attempts: attemptsOf(facts).map((one) => ({ ...one, status: 'unknown' })) },
    })),
  ],
  [
    'dunning/no-paid-customer-terminated',
    'a payment given up that was paid',
    (record) => ({
      ...record,
      books: {
        ...record.books,
        aurora: {
          ...record.books.aurora,
          charges: record.books.aurora.charges.map((charge) => ({
            ...charge,
            status: 'succeeded',
          })),
        },
      },
    }),
  ],
  [
    'ending/cancelled-is-not-charged',
    'a cycle that is charged after its cancellation',
    wishedEarlier(20, 'cancelled'),
  ],
  [
    'ending/cancelled-is-not-charged',
    'a cycle that is charged after the erasure',
    wishedEarlier(40, 'erased'),
  ],
  [
    'ending/asked-is-ended',
    'a cancellation that was forgotten',
    alter('subscriptions', 'subscriptions', ({ endReason }) => endReason === 'customer_request', {
      endedAt: null,
      status: 'active',
    }),
  ],
  [
    'ending/dropped-has-a-cause',
    'a cycle that is dropped while its subscription lives',
    alter('billing', 'cycles', ({ status }) => status === 'paid', { status: 'dropped' }),
  ],
  ['ending/has-a-cause', 'an end that nobody asked for', withoutDeeds('cancelled')],
  ['ending/has-a-cause', 'an end by a card that is good', withoutDeeds('card-lost')],
  [
    'ending/has-a-cause',
    'an end at the next date that comes at once',
    endedEarly('customer_request'),
  ],
  ['ending/has-a-cause', 'a lost card that ends what is paid for', endedEarly('card_expired')],
  [
    'ending/has-a-cause',
    'an end by an erasure that never was',
    alter('subscriptions', 'subscriptions', ended, { endReason: 'customer_erased' }),
  ],
  [
    'ending/has-a-cause',
    'an end before what was paid for is over',
    alter(
      'billing',
      'schedules',
      ({ endCause }) => endCause === 'cancellation_due',
      ({ skippedCycle }) => ({
        skippedCycle: Number(skippedCycle) - 1,
      }),
    ),
  ],
  ['ending/no-attempt-with-a-lost-card', 'an attempt with a card that is lost', allCardsLost],
  [
    'ending/no-attempt-with-a-lost-card',
    'an attempt with a card that was replaced',
    ofCustomers('"reference":"pm_p', '"reference":"pm_n'),
  ],
  [
    'ending/no-attempt-after-a-wish-to-end',
    'an attempt for what was ended before',
    inTable('billing', 'audit_entries', (rows) => {
      const attempted = found(rows, ({ entityType }) => entityType === 'payment');
      const [item] = JSON.parse(String(attempted['facts'])).items;
      const facts = { end: { cause: 'customer_erased' }, subscriptionId: item.subscriptionId };
      const ended = {
        ...{ entityType: 'subscription', entityId: item.subscriptionId, position: 0 },
        ...{ fromState: 'live', toState: 'ended', facts: JSON.stringify(facts) },
      };
      return [{ ...attempted, ...ended }, ...rows];
    }),
  ],
  [
    'ending/lost-card-owes-nothing-new',
    'a cycle that is owed after the end',
    alter(
      'billing',
      'audit_entries',
      ({ entityType, toState }) => entityType === 'subscription' && toState === 'ended',
      {
        at: '2026-01-06T05:00:00.000Z',
      },
    ),
  ],
  ['ending/lost-card-owes-nothing-new', 'a cycle that is owed with a lost card', allCardsLost],
  [
    'ending/refunded-once',
    'a crossed charge that is given back twice',
    both(
      alter('billing', 'refunds', () => true, { origin: 'automatic' }),
      repeat('billing', 'refunds', () => true, { id: 'again', origin: 'automatic' }),
    ),
  ],
  [
    'ending/erased-is-forgotten',
    'personal data that is kept',
    alter('subscriptions', 'customers', ({ status }) => status === 'erased', {
      personalData: 'k.secret',
    }),
  ],
  ['ending/erased-is-forgotten', 'a mail to one who is erased', wishedEarlier(40, 'erased')],
  [
    'privacy/told-to-nobody',
    'an address that is kept with a mail',
    alter('notifications', 'mails', () => true, { data: '{"to":"person1@people.example"}' }),
  ],
  [
    'answers/refused-by-rule',
    'an end that is refused because it has ended, and has not',
    refusedEnd(409, 'subscription-ended'),
  ],
  ['answers/refused-by-rule', 'one that nobody may ask for', refusedEnd(403, 'forbidden')],
  ['answers/refused-by-rule', 'a key that is never free again', refusedEnd(409, NO_ANSWER)],
];
