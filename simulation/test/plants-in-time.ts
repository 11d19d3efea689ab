import {
  alter,
  alterCall,
  alterTrail,
  both,
  type Fits,
  inTable,
  type Plant,
  remove,
  repeat,
  shift,
} from './planting';
import type { Planted } from './plants';

const DAY_MS = 86_400_000;
const isPaid: Fits = ({ status }) => status === 'paid';
const isLive: Fits = ({ state }) => state === 'live';
const isRetrying: Fits = ({ status }) => status === 'retrying';
const succeeded: Fits = ({ status }) => status === 'succeeded';
const any = () => true;
const isCharge = ({ kind }: { readonly kind: string }) => kind === 'charge';
type Facts = Record<string, unknown>;
const entryOf = (type: string, state: string) => (entry: Readonly<Facts>) =>
  entry['entityType'] === type && entry['toState'] === state;

/** A payment as if made twice at one moment: then it should have been one. */
const madeApart: Plant = repeat('billing', 'payments', any, { id: 'another' });

/** A payment as if there had been one before that could have held all of it. */
const aMinuteApart: Plant = both(
  repeat('billing', 'payments', any, ({ createdAt }) => ({
    ...{ id: 'another', createdAt: shift(createdAt, -60_000) },
  })),
  repeat('billing', 'audit_entries', entryOf('payment', 'processing'), ({ position }) => ({
    ...{ entityId: 'another', position: Number(position) - 0.5 },
  })),
);

/** A payment is found to be open for longer than it was. */
const stillOpen: Plant = inTable('billing', 'audit_entries', (rows) =>
  rows.map((row) => {
    if (row['entityType'] !== 'payment' || row['toState'] !== 'succeeded') return row;
    const facts = { ...JSON.parse(String(row['facts'])), status: 'processing' };
    const items = facts.items.map((item: Facts) => ({ ...item, status: 'owed' }));
    return { ...row, facts: JSON.stringify({ ...facts, items }) };
  }),
);

export const PLANTS_IN_TIME: readonly Planted[] = [
  [
    'liveness/every-due-cycle-is-owed',
    'a cycle that was never found',
    remove('billing', 'cycles', isPaid),
  ],
  [
    'liveness/every-due-cycle-is-owed',
    'a subscription that billing never heard of',
    remove('billing', 'schedules', isLive),
  ],
  [
    'liveness/open-payments-go-on',
    'an open payment without a next step',
    alter('billing', 'payments', isRetrying, { nextAttemptAt: null }),
  ],
  [
    'liveness/open-payments-go-on',
    'an account that is looked at too late',
    inTable('billing', 'accounts', (rows) =>
      rows.map((row) => ({ ...row, dueAt: '2027-01-01T00:00:00.000Z' })),
    ),
  ],
  [
    'liveness/open-payments-go-on',
    'a cycle that waits for nothing',
    alter('billing', 'cycles', isPaid, { status: 'waiting', paymentId: null }),
  ],
  [
    'liveness/nothing-overdue',
    'a time that was missed',
    alter('billing', 'payments', isRetrying, { nextAttemptAt: '2026-04-01T05:00:00.000Z' }),
  ],
  [
    'liveness/nothing-unknown',
    'an outcome that is not known',
    alter('billing', 'attempts', succeeded, {
      status: 'unknown',
      nextActionAt: '2026-12-01T05:00:00.000Z',
    }),
  ],
  [
    'liveness/nothing-unknown',
    'a refund that hangs',
    alter('billing', 'refunds', any, { status: 'pending' }),
  ],
  [
    'liveness/nothing-left-over',
    'a message that was never sent',
    inTable('billing', 'outbox', () => [{ messageId: 'm', type: 'billing.payment-succeeded.v1' }]),
  ],
  [
    'liveness/nothing-left-over',
    'a message that is parked',
    inTable('notifications', 'failed_messages', () => [
      { id: 'm', type: 't', state: 'parked', error: 'oh' },
    ]),
  ],
  [
    'schedule/dates-are-the-oracles',
    'another date',
    alter('billing', 'cycles', isPaid, { billingDate: '2026-02-06' }),
  ],
  [
    'schedule/dates-are-the-oracles',
    'a next date counted from the last',
    alter('billing', 'schedules', isLive, { nextBillingDate: '2026-04-30' }),
  ],
  [
    'schedule/dates-are-the-oracles',
    'a cycle that is not owed',
    alter('billing', 'cycles', isPaid, { cycle: 0 }),
  ],
  [
    'schedule/dates-are-the-oracles',
    'another price',
    alter('billing', 'cycles', isPaid, { amountMinor: 1 }),
  ],
  [
    'schedule/not-before-its-time',
    'a charge that is sent a day early',
    alterCall(isCharge, ({ at }) => ({ at: shift(at, -DAY_MS) })),
  ],
  [
    'schedule/not-before-its-time',
    'a cycle that is found a minute early',
    alter('billing', 'cycles', isPaid, ({ foundAt }) => ({ foundAt: shift(foundAt, -60_000) })),
  ],
  [
    'schedule/waived-only-when-late',
    'one that is given for nothing',
    alter('billing', 'cycles', isPaid, { status: 'waived' }),
  ],
  [
    'schedule/waived-only-when-late',
    'one that is charged far too late',
    alter(
      'billing',
      'cycles',
      ({ cycle }) => cycle === 1,
      ({ foundAt }) => ({ foundAt: shift(foundAt, 36 * DAY_MS) }),
    ),
  ],
  ['schedule/charged-together', 'two payments of one moment', madeApart],
  ['schedule/charged-together', 'two payments of one day, a minute apart', aMinuteApart],
  ['schedule/one-open-payment', 'the next cycle charged while one is open', stillOpen],
  [
    'states/allowed-transitions',
    'a payment that is over and is tried again',
    alterTrail('billing', entryOf('payment', 'succeeded'), () => ({
      entry: { fromState: 'exhausted', toState: 'retrying' },
    })),
  ],
  [
    'states/allowed-transitions',
    'an entry that is missing',
    remove('billing', 'audit_entries', entryOf('payment', 'processing')),
  ],
  [
    'states/allowed-transitions',
    'a subscription that lives again',
    repeat('subscriptions', 'audit_entries', entryOf('subscription', 'cancelled'), {
      fromState: 'cancelled',
      toState: 'active',
    }),
  ],
  [
    'states/attempts-and-items',
    'a success that a late webhook made a decline',
    repeat('billing', 'audit_entries', entryOf('payment', 'succeeded'), ({ facts }) => ({
      facts: String(facts).replaceAll('"status":"succeeded"', '"status":"declined"'),
    })),
  ],
  [
    'states/attempts-and-items',
    'a paid cycle that is dropped',
    repeat('billing', 'audit_entries', entryOf('payment', 'succeeded'), ({ facts }) => ({
      facts: String(facts).replaceAll('"status":"paid"', '"status":"dropped"'),
    })),
  ],
  [
    'states/news-do-not-go-back',
    'an old decline after its success',
    repeat(
      'subscriptions',
      'audit_entries',
      (row) => /"payment":\{/.test(String(row['facts'])),
      ({ facts }) => ({ facts: String(facts).replace(/"version":\d+\}/, '"version":0}') }),
    ),
  ],
  [
    'states/news-do-not-go-back',
    'an old word about a cancellation after a newer one',
    repeat(
      'billing',
      'audit_entries',
      ({ facts }) => /"noticeVersion":[1-9]/.test(String(facts)),
      ({ facts }) => ({ facts: String(facts).replace(/"noticeVersion":\d+/, '"noticeVersion":0') }),
    ),
  ],
  [
    'states/final-is-final',
    'an end with another cause',
    repeat('billing', 'audit_entries', entryOf('subscription', 'ended'), ({ facts }) => ({
      facts: String(facts).replace(/"cause":"\w+"/, '"cause":"payment_lost"'),
    })),
  ],
  [
    'states/final-is-final',
    'an ended subscription that is live in the table',
    alter('billing', 'schedules', ({ state }) => state === 'ended', { state: 'live' }),
  ],
  [
    'states/subscriptions-agree',
    'an end that billing has not heard of',
    alter('subscriptions', 'subscriptions', ({ status }) => status === 'active', {
      status: 'cancelled',
      endedAt: '2026-03-01T05:00:00.000Z',
    }),
  ],
  [
    'states/subscriptions-agree',
    'one in grace that is called active',
    alter('subscriptions', 'subscriptions', ({ status }) => status === 'past_due', {
      status: 'active',
    }),
  ],
  [
    'states/subscriptions-agree',
    'a cancellation that billing has not heard of',
    alter('subscriptions', 'subscriptions', ({ status }) => status === 'active', {
      requestOn: '2026-05-05',
    }),
  ],
  [
    'states/cards-agree',
    'a new card that billing has not heard of',
    alter('billing', 'accounts', any, { paymentMethod: 'pm_old' }),
  ],
  [
    'states/cards-agree',
    'a lost card that billing forgot',
    alter('billing', 'methods', ({ cause }) => cause !== null, { cause: null }),
  ],
  [
    'states/open-outcomes-agree',
    'a provider that is held for ever',
    alter('subscriptions', 'attempts', any, { state: 'unresolved' }),
  ],
];
