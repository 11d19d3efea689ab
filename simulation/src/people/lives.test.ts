import { msOf } from '@perennial/calendar';
import { ANSWERING, REFUSALS } from '../../../simulators/src/token';
import { Chance } from '../chance';
import { billingMoments, chargeMs, endMs, londonDate } from './billing-moments';
import { CATALOGUE } from './catalogue';
import type { Act, Life } from './life';
import { lifeOf } from './lives';

const window = { startMs: Date.parse('2026-01-05T00:00:00.000Z'), days: 400 };
const life = (seed: number | string, person: number) =>
  lifeOf(person, new Chance(String(seed)), window);
const lives = Array.from({ length: 200 }, (_, seed) =>
  [0, 1, 2, 3].map((n) => life(seed, n)),
).flat();
const acts = lives.flatMap((one) => one.acts);
const cards = lives.flatMap((one) => one.cards);
const purchases = lives.flatMap((one) =>
  one.acts.flatMap((act) => {
    const planned = act.kind === 'subscribe' && one.subscriptions[act.subscription];
    return planned ? [{ ...planned, act, purchasedAt: planned.purchasedAt ?? act.at }] : [];
  }),
);

test('the same seed gives the same lives, another seed others', () => {
  expect(life(7, 3)).toEqual(life(7, 3));
  expect(life(7, 3)).not.toEqual(life(8, 3));
  expect(life(7, 3).acts).not.toEqual(life(7, 4).acts);
});

test("a life does not depend on who else was thought up before: others' luck is not touched", () => {
  const chance = new Chance('11');
  const all = Array.from({ length: 30 }, (_, person) => lifeOf(person, chance, window));
  const few = [7, 3].map((person) => lifeOf(person, chance, window));
  expect(few).toEqual([all[7], all[3]]);
});

test('about half of the customers live quietly, with a card that pays', () => {
  const isQuiet = ({ acts: own, cards: [card, ...more] }: Life) =>
    own.every(({ kind }) => kind === 'register' || kind === 'subscribe') &&
    card?.declines === null &&
    more.length === 0;
  const share = lives.filter(isQuiet).length / lives.length;
  expect(share).toBeGreaterThan(0.4);
  expect(share).toBeLessThan(0.6);
});

test.each<[what: string, Partial<Record<string, unknown>>]>([
  ['a card replaced', { kind: 'replace-card', again: false }],
  ['a switch tried again', { kind: 'replace-card', again: true }],
  ['a card expired', { kind: 'lose-card', cause: 'expired' }],
  ['a card cancelled', { kind: 'lose-card', cause: 'cancelled' }],
  ['cancelled at the next date', { kind: 'cancel', when: 'next_billing_date' }],
  ['cancelled now', { kind: 'cancel', when: 'now' }],
  ['a cancellation revoked', { kind: 'revoke-cancellation' }],
  ['a customer erased', { kind: 'erase' }],
  ['a refund in whole', { kind: 'refund', share: 'whole' }],
  ['a refund in part', { kind: 'refund', share: 'part' }],
  ['a refund per item', { kind: 'refund', share: 'item' }],
  ['a refund of too much', { kind: 'refund', share: 'too much' }],
  ['a refund clicked twice', { kind: 'refund', clicks: 'two with one key' }],
  ['a refund by two people at once', { kind: 'refund', clicks: 'two with two keys' }],
  ['a refund in the dashboard', { kind: 'refund-in-dashboard' }],
  ['a run', { kind: 'run', times: 1 }],
  ['two runs at once', { kind: 'run', times: 2 }],
  ['a reconciliation', { kind: 'reconcile' }],
  ['a discrepancy resolved', { kind: 'resolve-discrepancy' }],
  ['a failed message tried again', { kind: 'retry-message' }],
])('there is %s, at least ten times in 800 lives', (_, wanted) => {
  expect(acts.filter((act) => contains(act, wanted)).length).toBeGreaterThanOrEqual(10);
});

const london = (instant: string) => londonDate(Date.parse(instant));
type Purchase = (typeof purchases)[number];

test.each<[what: string, is: (purchase: Purchase) => boolean]>([
  ['on a 29th', (one) => london(one.purchasedAt).endsWith('-29')],
  ['on a 30th', (one) => london(one.purchasedAt).endsWith('-30')],
  ['on a 31st', (one) => london(one.purchasedAt).endsWith('-31')],
  ['on the leap day', (one) => london(one.purchasedAt) === '2024-02-29'],
  ['on 28 February', (one) => london(one.purchasedAt).endsWith('-02-28')],
  [
    'when it is tomorrow in London',
    (one) => london(one.purchasedAt) > one.purchasedAt.slice(0, 10),
  ],
  ['when clocks go forward', (one) => london(one.purchasedAt) === '2026-03-29'],
  ['when clocks go back', (one) => london(one.purchasedAt) === '2026-10-25'],
  ['and told the day after', (one) => isToldNextDay(one)],
  ['years ago', (one) => msOf(one.act.at) - msOf(one.purchasedAt) > 400 * 86_400_000],
  ['charged at purchase', ({ firstCharge }) => firstCharge === 'purchase'],
  ['monthly', ({ interval }) => interval === 'monthly'],
  ['quarterly', ({ interval }) => interval === 'quarterly'],
  ['annual', ({ interval }) => interval === 'annual'],
  ...CATALOGUE.map(({ name }, place): [string, (one: Purchase) => boolean] => [
    `of ${name}`,
    ({ product }) => product === place,
  ]),
])('there is a purchase %s', (_, is) => {
  expect(purchases.filter(is).length).toBeGreaterThanOrEqual(2);
});

function isToldNextDay({ act, purchasedAt }: Purchase): boolean {
  return msOf(act.at) - msOf(purchasedAt) < 86_400_000 && london(act.at) > london(purchasedAt);
}

test.each<[what: string, is: (card: Life['cards'][number]) => boolean]>([
  ['pays', ({ declines, waits }) => declines === null && waits === null],
  ['never pays again', ({ declines }) => declines?.counted === 'in days' && !declines.toMs],
  [
    'does not pay for some days',
    ({ declines }) => declines?.counted === 'in days' && !!declines.toMs,
  ],
  ['is declined some times', ({ declines }) => declines?.counted === 'in charges'],
  ['waits for minutes', ({ waits }) => waits !== null && waits.pendingMs < 3_600_000],
  [
    'waits for days, and then declines',
    ({ declines, waits }) => declines !== null && (waits?.pendingMs ?? 0) > 86_400_000,
  ],
  ['fails a refund', ({ refunds }) => refunds.fails],
])('there is a card that %s', (_, is) => {
  expect(cards.filter(is).length).toBeGreaterThanOrEqual(10);
});

test('many things happen within two minutes of a charge of the same customer', () => {
  const close = lives.map(({ acts: own, subscriptions }) => {
    const bought = own.flatMap((act) => (act.kind === 'subscribe' ? [act] : []));
    const charges = bought.flatMap(({ at, subscription }) => {
      const planned = subscriptions[subscription];
      return planned ? billingMoments(subscription, planned, msOf(at), window) : [];
    });
    const isClose = ({ at }: Act) =>
      charges.some(({ date }) => Math.abs(chargeMs(date) - msOf(at)) < 120_000);
    return own.filter(isClose).length;
  });
  expect(close.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(200);
});

test('no token says a word that a simulator would obey', () => {
  const words = [
    ...ANSWERING.filter((word) => !/^\d+$/.test(word)),
    ...REFUSALS.filter((word) => !/^\d+$/.test(word)),
    ...['decline', 'pending', 'refund', 'webhook', 'enquiry', 'ok'],
  ];
  const guilty = cards.filter(({ paymentMethod }) =>
    words.some((word) => paymentMethod.includes(word)),
  );
  expect(guilty).toEqual([]);
  expect(new Set(cards.map(({ paymentMethod }) => paymentMethod.slice(0, 3)))).toEqual(
    new Set(['pm_', 'ctp']),
  );
});

test('acts are in order, within the window, and begin with registering', () => {
  for (const { acts: own } of lives) {
    expect(own[0]?.kind).toBe('register');
    expect(own.map(({ number }) => number)).toEqual(own.map((_, place) => place));
    const times = own.map(({ at }) => msOf(at));
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times.every((ms) => ms >= window.startMs && ms < endMs(window))).toBe(true);
  }
});

test('a short window is lived in, too', () => {
  const short = { startMs: window.startMs, days: 3 };
  const all = Array.from({ length: 50 }, (_, n) => lifeOf(n, new Chance('1'), short));
  expect(all.every((one) => one.acts[0]?.kind === 'register')).toBe(true);
});

function contains(act: Act, wanted: Partial<Record<string, unknown>>): boolean {
  const facts = new Map<string, unknown>(Object.entries(act));
  return Object.entries(wanted).every(([name, value]) => facts.get(name) === value);
}
