import { addMs, type Instant, msOf, parseInstant } from '@perennial/calendar';
import type { Deed, Refused } from '../record';
import { Actor } from './acting';
import type { Book } from './book';
import type { Answer, ChargeThere, Door } from './door';
import type { Act, Doing, Life } from './life';

const START = parseInstant('2026-01-05T12:00:00.000Z');
const HOUR_MS = 3_600_000;

interface Sent {
  readonly at: Instant;
  readonly what: string;
  readonly body: unknown;
  readonly key: string | undefined;
}

/** What is answered to one sending; `nth` counts those of the same request from 0. */
type Script = (what: string, nth: number, key: string | undefined) => Answer | null | undefined;

/** Time passes when everybody waits. */
class ScriptedDoor implements Door {
  readonly sent: Sent[] = [];
  readonly outside: string[] = [];
  charges: readonly ChargeThere[] = [];
  private time = START;
  private readonly waiting: { readonly at: Instant; wake(): void }[] = [];

  constructor(private readonly script: Script) {}

  now(): Instant {
    return this.time;
  }

  async send(service: string, method: string, path: string, body?: unknown, key?: string) {
    const what = `${method} ${service}${path}`;
    const nth = this.sent.filter((one) => one.what === what).length;
    this.sent.push({ at: this.time, what, body, key });
    const scripted = this.script(what, nth, key);
    return scripted === undefined ? accepted(what) : scripted;
  }

  pause(ms: number): Promise<void> {
    return new Promise((wake) => this.waiting.push({ at: addMs(this.time, ms), wake }));
  }

  async loseCard(...lost: readonly string[]): Promise<void> {
    this.outside.push(lost.join(' '));
  }

  async refundInDashboard(provider: string, chargeId: string, amountMinor: number) {
    this.outside.push(`${provider} ${chargeId} ${amountMinor}`);
    return true;
  }

  async chargesOf(): Promise<readonly ChargeThere[]> {
    return this.charges;
  }

  async until(over: Promise<void>): Promise<void> {
    let isOver = false;
    const watched = over.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await new Promise(setImmediate);
      this.waiting.sort((one, other) => msOf(one.at) - msOf(other.at));
      const next = this.waiting.shift();
      if (!next) continue;
      this.time = next.at;
      next.wake();
    }
    await watched;
  }
}

function accepted(what: string): Answer {
  if (what.includes('/refunds')) {
    const amount = { amountMinor: 1000, currency: 'GBP' };
    return { status: 201, body: { id: 'refund', paymentId: 'payment', amount } };
  }
  if (what.includes('/payments')) return { status: 200, body: { data: [PAYMENT] } };
  if (what.startsWith('GET')) return { status: 200, body: { data: [{ id: 'found' }] } };
  const id = what.split('/')[1]?.slice(0, -1);
  return { status: 201, body: { id, createdAt: START } };
}

const amount = { amountMinor: 1000, currency: 'GBP' };
const PAYMENT = {
  ...{ id: 'payment', provider: 'aurora', status: 'succeeded', amount },
  amountRefunded: { amountMinor: 0, currency: 'GBP' },
  items: [{ subscriptionId: 'subscription', amount, status: 'paid' }],
};

const refused = (status: number, code: string): Answer => ({ status, body: { code } });
const UNDER_WAY = refused(409, 'idempotency-key-under-way');

function lifeWith(...doings: readonly Doing[]): Life {
  const all: readonly Doing[] = [
    { kind: 'register' },
    { kind: 'subscribe', subscription: 0 },
    ...doings,
  ];
  const acts = all.map(
    (doing, number): Act => ({
      ...{ number, at: addMs(START, number * HOUR_MS) },
      ...doing,
    }),
  );
  const nothing = { declines: null, waits: null, refunds: { fails: false, pendingMs: 0 } };
  return {
    ...{ person: 3, combineCharges: true, acts },
    cards: [
      { provider: 'aurora', paymentMethod: 'pm_p3_1', ...nothing },
      { provider: 'borealis', paymentMethod: 'ctp3n2', ...nothing },
    ],
    subscriptions: [
      {
        ...{ product: 0, quantity: 2 },
        interval: 'monthly',
        firstCharge: 'anniversary',
        purchasedAt: null,
      },
    ],
  };
}

async function lived(
  script: Script,
  doings: readonly Doing[],
  charges: readonly ChargeThere[] = [],
) {
  const door = new ScriptedDoor(script);
  door.charges = charges;
  const deeds: Deed[] = [];
  const refusals: Refused[] = [];
  const book: Book = { deeds, refusals };
  await door.until(new Actor(lifeWith(...doings), door, ['product'], book).live());
  return { door, deeds, refusals, kinds: deeds.map(({ kind }) => kind) };
}

const only =
  (wanted: string, ...answers: readonly (Answer | null)[]): Script =>
  (what, nth) =>
    what.startsWith(wanted) ? answers[nth] : undefined;

const CANCEL: Doing = { kind: 'cancel', subscription: 0, when: 'now' };
const REVOKE: Doing = { kind: 'revoke-cancellation', subscription: 0 };
const SWITCH: Doing = { kind: 'replace-card', card: 1, again: false };
const SWITCH_AGAIN: Doing = { kind: 'replace-card', card: 1, again: true };
const REFUND = { kind: 'refund', of: 'newest', share: 'part', clicks: 'one' } as const;

test('registers and subscribes at the planned times, and writes down what was answered', async () => {
  const { deeds, refusals } = await lived(() => undefined, []);
  expect(refusals).toEqual([]);
  expect(deeds).toEqual([
    {
      ...{ person: 3, kind: 'registered', from: START, to: START, customerId: 'customer' },
      ...{ name: 'Given3 Family3', provider: 'aurora', paymentMethod: 'pm_p3_1' },
      combineCharges: true,
    },
    {
      ...{ person: 3, kind: 'subscribed', from: addMs(START, HOUR_MS), to: addMs(START, HOUR_MS) },
      ...{ customerId: 'customer', subscriptionId: 'subscription', quantity: 2 },
      productName: 'Cleansing balm',
      ...{ interval: 'monthly', price: { amountMinor: 1250, currency: 'GBP' } },
      ...{ purchasedAt: START, firstCharge: 'anniversary' },
    },
  ]);
});

test.each<[trouble: string, answer: Answer | null]>([
  ['the answer is lost', null],
  ['the answer cannot be read', { status: 200, body: undefined }],
  ['the first one is under way', UNDER_WAY],
  ['the service is too busy', refused(429, 'too-many-requests')],
  ['the service is out of order', refused(503, 'unavailable')],
])('where %s, the same is sent again under the same key, and is one deed', async (_, answer) => {
  const { door, kinds, deeds, refusals } = await lived(
    only('POST subscriptions/customers', answer, answer),
    [],
  );
  const sent = door.sent.filter(({ what }) => what === 'POST subscriptions/customers');
  expect(sent.map(({ key }) => key)).toEqual(['p3-a0', 'p3-a0', 'p3-a0']);
  expect(sent.map(({ at }) => at)).toEqual([START, addMs(START, 1000), addMs(START, 3000)]);
  expect(new Set(sent.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(kinds).toEqual(['registered', 'subscribed']);
  expect(deeds[0]).toMatchObject({ from: START, to: addMs(START, 3000) });
  expect(refusals).toEqual([]);
});

test('what is refused is no deed, and life goes on', async () => {
  const script = only('POST subscriptions/subscriptions/', refused(409, 'subscription-ended'));
  const { kinds, refusals } = await lived(script, [CANCEL, REVOKE]);
  expect(kinds).toEqual(['registered', 'subscribed', 'cancellation-revoked']);
  expect(refusals).toEqual([
    {
      ...{ person: 3, what: 'cancel', path: '/subscriptions/subscription/cancellation' },
      ...{ body: { when: 'now' }, status: 409, code: 'subscription-ended' },
      ...{ uncertain: false, from: addMs(START, 2 * HOUR_MS), at: addMs(START, 2 * HOUR_MS) },
    },
  ]);
});

test('who could not register does nothing else', async () => {
  const script = only('POST subscriptions/customers', refused(422, 'invalid-input'));
  const others: readonly Doing[] = [CANCEL, SWITCH, REFUND, { kind: 'run', times: 2 }];
  const { door, deeds, refusals } = await lived(script, others);
  expect(door.sent).toHaveLength(1);
  expect(deeds).toEqual([]);
  expect(refusals).toHaveLength(1);
});

test.each<[what: string, doing: Doing, request: string]>([
  ['a cancellation', CANCEL, 'POST subscriptions/subscriptions/'],
  ['a revocation', REVOKE, 'DELETE subscriptions/subscriptions/'],
  ['a new card', SWITCH, 'PUT '],
  ['an erasure', { kind: 'erase' }, 'DELETE subscriptions/customers/'],
])('%s that is not answered for three days may have taken effect', async (_, doing, request) => {
  const script: Script = (what) => (what.startsWith(request) ? null : undefined);
  const { deeds, refusals } = await lived(script, [doing]);
  expect(deeds[2]).toMatchObject({ uncertain: true });
  expect(refusals).toMatchObject([{ status: null, code: 'no answer', uncertain: true }]);
  const patience = msOf(refusals[0]?.at ?? START) - msOf(START);
  expect(patience).toBeGreaterThanOrEqual(72 * HOUR_MS);
  expect(patience).toBeLessThan(76 * HOUR_MS);
});

test('a service that only says to wait has done nothing', async () => {
  const busy: Script = (what) => (what.startsWith('PUT') ? refused(429, 'slow') : undefined);
  const { kinds, refusals } = await lived(busy, [SWITCH]);
  expect(kinds).toEqual(['registered', 'subscribed']);
  expect(refusals).toMatchObject([{ code: 'no answer', uncertain: false }]);
});

test.each<[what: string, answers: readonly (Answer | null)[], uncertain: boolean | null]>([
  ['taken in the end', [null], false],
  ['refused at once', [refused(422, 'invalid-input')], null],
  ['refused after it may have been taken', [null, refused(422, 'invalid-input')], true],
  ['not taken for an open attempt', [null, refused(409, 'attempt-unresolved')], null],
])('a new card that is %s', async (_, answers, uncertain) => {
  const { deeds } = await lived(only('PUT ', ...answers), [SWITCH]);
  const found = deeds.find(({ kind }) => kind === 'card-replaced');
  expect(found ? found.uncertain === true : null).toBe(uncertain);
});

test.each<[what: string, answers: readonly Answer[], sendings: number]>([
  ['once if it was taken', [], 1],
  ['again if it was refused', [refused(409, 'attempt-unresolved')], 2],
])('a switch of the provider is asked for %s', async (_, answers, sendings) => {
  const { door, kinds } = await lived(only('PUT ', ...answers), [SWITCH, SWITCH_AGAIN]);
  expect(door.sent.filter(({ what }) => what.startsWith('PUT'))).toHaveLength(sendings);
  expect(kinds.filter((kind) => kind === 'card-replaced')).toHaveLength(1);
});

test.each<
  [clicks: 'one' | 'two with one key' | 'two with two keys', keys: readonly string[], deeds: number]
>([
  ['one', ['p3-a2'], 1],
  ['two with one key', ['p3-a2', 'p3-a2'], 1],
  ['two with two keys', ['p3-a2', 'p3-a2-too'], 2],
])('a refund with clicks: %s', async (clicks, keys, count) => {
  const { door, kinds, deeds } = await lived(() => undefined, [{ ...REFUND, clicks }]);
  const sent = door.sent.filter(({ what }) => what === 'POST billing/payments/payment/refunds');
  expect(sent.map(({ key }) => key)).toEqual(keys);
  expect(sent.every(({ at }) => at === addMs(START, 2 * HOUR_MS))).toBe(true);
  expect(kinds.filter((kind) => kind === 'refund-asked')).toHaveLength(count);
  expect(deeds[2]).toMatchObject({ paymentId: 'payment', refundId: 'refund', amountMinor: 333 });
});

test('what happens at the provider is written down with its time', async () => {
  const charges = [
    { id: 'pay_1', amountMinor: 900, refundedMinor: 900 },
    { id: 'pay_2', amountMinor: 900, refundedMinor: 100 },
  ];
  const { door, deeds } = await lived(
    () => undefined,
    [
      { kind: 'lose-card', card: 1, cause: 'expired' },
      { kind: 'refund-in-dashboard', of: 'oldest', share: 'part' },
    ],
    charges,
  );
  expect(door.outside).toEqual(['borealis ctp3n2 expired', 'aurora pay_2 400']);
  expect(deeds.slice(2)).toEqual([
    {
      ...{ person: 3, kind: 'card-lost', at: addMs(START, 2 * HOUR_MS), cause: 'expired' },
      ...{ provider: 'borealis', paymentMethod: 'ctp3n2' },
    },
    {
      ...{ person: 3, kind: 'refunded-in-dashboard', at: addMs(START, 3 * HOUR_MS) },
      ...{ provider: 'aurora', chargeId: 'pay_2', amountMinor: 400 },
    },
  ]);
});

test('operators do not wait for a customer who is not answered', async () => {
  const script: Script = (what) => (what.startsWith('PUT') ? null : undefined);
  const { door } = await lived(script, [SWITCH, { kind: 'run', times: 2 }]);
  const runs = door.sent.filter(({ what }) => what === 'POST billing/runs');
  expect(runs.map(({ at }) => at)).toEqual([addMs(START, 3 * HOUR_MS), addMs(START, 3 * HOUR_MS)]);
  expect(runs.map(({ key }) => key)).toEqual(['p3-a3', 'p3-a3-too']);
});

test('a failed message is tried again twice at once', async () => {
  const { door } = await lived(() => undefined, [{ kind: 'retry-message', service: 'webhooks' }]);
  const retries = door.sent.filter(({ what }) => what === 'POST webhooks/messages/found/retry');
  expect(retries.map(({ key }) => key)).toEqual(['p3-a2', 'p3-a2-too']);
});

test('the same door answers the same life the same way', async () => {
  const script = only('POST subscriptions/customers', null, UNDER_WAY);
  const doings = [SWITCH, { ...REFUND, clicks: 'two with two keys' as const }, CANCEL];
  const [one, other] = [await lived(script, doings), await lived(script, doings)];
  expect(one.door.sent).toEqual(other.door.sent);
  expect(one.deeds).toEqual(other.deeds);
});
