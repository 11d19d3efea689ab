import { parseDate, parseInstant } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { type Database, explain, migrate, type Tx } from '@perennial/database';
import type { RegisteredCustomer } from '../src/domain/customer';
import { type Live, type Subscription, started } from '../src/domain/subscription';
import { Keyring } from '../src/keyring';
import { subscriptionsMigrations } from '../src/migrations';
import { type AttemptWord, hasUnresolvedAttempt, keepNewest } from '../src/store/attempts';
import { Customers } from '../src/store/customers';
import { lockMethods, saveMethods } from '../src/store/payment-methods';
import { insertProduct, products } from '../src/store/products';
import {
  findSubscription,
  insertSubscription,
  lockLiveSubscriptionsOf,
  lockSubscriptions,
  saveSubscriptions,
  subscriptionsOf,
} from '../src/store/subscriptions';
import { ada } from './shop';

const now = parseInstant('2026-01-31T12:00:00Z');
const ids = createIds({ now: () => now });
const keyring = new Keyring([Buffer.alloc(32, 1)]);
const price = { amountMinor: 1250, currency: 'GBP' };
const day = parseDate('2026-02-28');

const bought = (customerId: string): Live =>
  started({
    ...{ id: ids(), customerId, productId: ids(), productName: 'Coffee', quantity: 2, price },
    ...{ interval: 'monthly', anchorDate: day, firstCharge: 'anniversary', registeredOn: day },
    ...{ createdAt: now, version: 1 },
  });
const customer = (paymentMethod = 'pm_ok'): RegisteredCustomer => {
  const { provider, paymentMethod: _, ...personalData } = ada;
  const facts = { provider, paymentMethod, combineCharges: false, createdAt: now, version: 1 };
  return { id: ids(), status: 'registered', ...facts, personalData };
};

const payment = { paymentId: ids(), billingDate: day, version: 7 };
const cancellation = { id: ids(), on: day, acceptedAt: now };
const request = { ...cancellation, reason: 'customer_request' as const };
const card = { ...cancellation, reason: 'card_cancelled' as const };

const STATES: Record<string, (live: Live) => Subscription> = {
  active: (live) => live,
  'active, with an end to come for either reason': (live) => ({ ...live, request, card }),
  'active, once paid': (live) => ({ ...live, status: 'active', payment }),
  'past due': (live) => ({ ...live, status: 'past_due', payment }),
  cancelled: ({ request: _, card: __, payment: ___, ...rest }) => {
    return { ...rest, status: 'cancelled', endedAt: now, endReason: 'card_expired' };
  },
  terminated: ({ request: _, card: __, payment: ___, ...rest }) => {
    const end = { endedAt: now, endReason: 'payment_exhausted' as const };
    return { ...rest, status: 'terminated', ...end, paymentId: payment.paymentId };
  },
};

/** What MySQL, MariaDB and SQLite must do alike. `told` hears each statement. */
export function describeStore(open: (told: (sql: string) => void) => Promise<Database>): void {
  let db: Database;
  const statements: string[] = [];
  const within = <T>(work: (tx: Tx) => Promise<T>) => db.transaction(work);

  beforeAll(async () => {
    db = await open((sql) => statements.push(sql));
    await migrate(db, [subscriptionsMigrations]);
  });
  afterAll(() => db?.close());

  test.each(Object.entries(STATES))(
    'a subscription that is %s comes back as it was',
    async (_, to) => {
      const live = bought(ids());
      const expected = to(live);
      await within((tx) => insertSubscription(live, tx));
      await within((tx) => saveSubscriptions([expected], tx));
      expect(await within((tx) => findSubscription(live.id, tx))).toEqual(expected);
      const other = { ...expected, id: ids() };
      await within((tx) => insertSubscription(other, tx));
      expect(await within((tx) => lockSubscriptions([other.id], tx))).toEqual([other]);
    },
  );

  test.each([
    ['active and over', { endedAt: now, endReason: 'card_expired' }],
    ['past due without a payment', { status: 'past_due' }],
    ['cancelled without a time', { status: 'cancelled', endReason: 'card_expired' }],
    [
      'cancelled for not paying',
      { status: 'cancelled', endedAt: now, endReason: 'payment_exhausted' },
    ],
    [
      'terminated without a payment',
      { status: 'terminated', endedAt: now, endReason: 'payment_exhausted' },
    ],
    ['half requested to end', { requestId: ids() }],
    ['free', { priceMinor: 0 }],
    ['in no known state', { status: 'paused' }],
  ])('the database refuses a subscription that is %s', async (_, wrong) => {
    const live = bought(ids());
    await within((tx) => insertSubscription(live, tx));
    const update = within((tx) => tx.update('subscriptions', ['id'], [{ id: live.id, ...wrong }]));
    await expect(update).rejects.toThrow(/constraint/i);
  });

  test('lists a customer’s subscriptions newest first, and locks the live ones', async () => {
    const owner = ids();
    const [first, second, third] = [bought(owner), bought(owner), bought(owner)];
    for (const one of [first, second, third]) await within((tx) => insertSubscription(one, tx));
    await within((tx) => saveSubscriptions([STATES['cancelled']?.(second) ?? second], tx));
    const list = (limit: number, cursor?: string) =>
      within((tx) => subscriptionsOf(owner, { limit, cursor }, tx));
    expect((await list(2)).map(({ id }) => id)).toEqual([third.id, second.id]);
    expect(await list(2, second.id)).toEqual([first]);
    expect(await within((tx) => lockLiveSubscriptionsOf([owner], tx))).toEqual([first, third]);
  });

  test('a customer comes back as registered, and after erasure without the person', async () => {
    const registered = customer();
    await within((tx) => new Customers(keyring, tx).insert(registered));
    const find = () => within((tx) => new Customers(keyring, tx).find(registered.id));
    expect(await find()).toEqual(registered);
    const { personalData: _, ...rest } = registered;
    const gone = { ...rest, status: 'erased' as const, erasedAt: now, combineCharges: true };
    await within((tx) => new Customers(keyring, tx).save(gone));
    expect(await find()).toEqual(gone);
  });

  test('a card’s end is kept, whichever comes first: it or the card', async () => {
    const lost = { cause: 'expired' as const, at: now };
    const lock = (...references: string[]) => within((tx) => lockMethods('aurora', references, tx));
    const [fresh] = await lock('pm_a');
    expect(fresh).toEqual({ provider: 'aurora', reference: 'pm_a', unavailable: null });
    await within((tx) =>
      saveMethods([{ provider: 'aurora', reference: 'pm_a', unavailable: lost }], tx),
    );
    expect((await lock('pm_b', 'pm_a')).map(({ unavailable }) => unavailable)).toEqual([
      lost,
      null,
    ]);
  });

  const told = (state: AttemptWord['state'], version: number) => ({ state, version });
  const [open1, known2, open3] = [
    told('unresolved', 1),
    told('resolved', 2),
    told('unresolved', 3),
  ];
  test.each([
    ['open', [[open1]], true],
    ['open, known', [[open1], [known2]], false],
    ['known, and late that it was open', [[known2], [open1]], false],
    ['open, known, and open once more', [[open1], [known2], [open3]], true],
    ['open once more, and late the words before', [[open3], [known2], [open1]], true],
    ['all at once, in any order', [[known2, open3, open1]], true],
    ['the same twice', [[open3], [open3], [known2]], true],
  ])('of an attempt the newest word counts: %s', async (_, batches, isOpen) => {
    const attempt = { attemptId: ids(), customerId: ids() };
    for (const words of batches) {
      await within((tx) =>
        keepNewest(
          words.map((word) => ({ ...attempt, ...word })),
          tx,
        ),
      );
    }
    expect(await within((tx) => hasUnresolvedAttempt(attempt.customerId, tx))).toBe(isOpen);
  });

  test('any word is newer than one from before versions were kept', async () => {
    const attempt = { attemptId: ids(), customerId: ids() };
    await within((tx) =>
      tx.insert('attempts', [{ ...attempt, state: 'unresolved', version: null }]),
    );
    await within((tx) => keepNewest([{ ...attempt, ...known2 }], tx));
    expect(await within((tx) => hasUnresolvedAttempt(attempt.customerId, tx))).toBe(false);
  });

  test('what runs often is read by an index', async () => {
    const many = Array.from({ length: 300 }, () => customer(`pm_${ids()}`));
    await within(async (tx) => {
      for (const one of many) await new Customers(keyring, tx).insert(one);
      for (const { id } of many) await insertSubscription(bought(id), tx);
      const attempts = many.map(({ id: customerId }) => ({ attemptId: ids(), customerId }));
      await keepNewest(
        attempts.map((attempt) => ({ ...attempt, ...open1 })),
        tx,
      );
      await lockMethods(
        'aurora',
        many.map(({ paymentMethod }) => paymentMethod),
        tx,
      );
      for (const _ of many) {
        const product = { id: ids(), name: 'Tea', description: null, unitPrice: price };
        await insertProduct({ ...product, createdAt: now }, tx);
      }
    });
    statements.length = 0;
    await within(async (tx) => {
      const customers = new Customers(keyring, tx);
      await customers.lockPayingWith('aurora', ['pm']);
      await customers.withEmail('ada@example.org', { limit: 10 });
      await customers.someSealedWithOldKeys();
      await lockSubscriptions([ids()], tx);
      await lockLiveSubscriptionsOf([ids()], tx);
      await subscriptionsOf(ids(), { limit: 10 }, tx);
      await products({ limit: 10 }, tx);
      await hasUnresolvedAttempt(ids(), tx);
      await keepNewest([{ attemptId: ids(), customerId: ids(), ...open1 }], tx);
    });
    const reads = statements.filter((sql) => sql.startsWith('SELECT'));
    const two = [ids(), ids()];
    const list = { references: two, hashes: two, ids: two, customerIds: two, attemptIds: two };
    const one = { provider: 'aurora', cursor: '~', limit: 10, keyId: '0', customerId: ids() };
    for (const sql of reads) {
      const plan = await within((tx) => explain(sql, { ...list, ...one }, tx));
      const unindexed = plan.filter(({ index, walks }) => index === null || walks);
      expect([sql, unindexed]).toEqual([sql, []]);
    }
    expect(reads).toHaveLength(9);
  });
}
