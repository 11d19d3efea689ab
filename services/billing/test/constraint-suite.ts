import { type Database, isUniqueViolation, type Row } from '@perennial/database';
import { withRefund } from '../src/domain/account';
import { refund } from './one-attempt';
import { emptied, type Step, saved, stored } from './stored-account';

/** February paid and 1.00 of it asked back; March on its way. */
const STORY: readonly Step[] = [
  (customer) => customer.buys('s', { on: '2026-01-03' }).runsOn('2026-02-03'),
  (customer) => customer.paid().refunds({ form: 'amount', amountMinor: 100 }),
  (customer) => customer.runsOn('2026-03-03'),
];

const february = "status = 'paid'";
const march = "status = 'owed'";
const onItsWay = "status = 'created'";
const all = '1 = 1';
const another = {
  cycle: { cycle: 99, openSubscriptionId: null },
  waived: { cycle: 99, status: 'waived', paymentId: null },
  attempt: {
    ...{ id: 'other', number: 99, reference: 'other', idempotencyKey: 'other' },
    unresolvedPaymentId: 'other',
  },
  refund: { id: 'other', reference: 'other', idempotencyKey: 'other', providerReference: 'other' },
};

/** Which row, what makes another of it that may stand beside it, and what must not be the same. */
const ONCE: [string, string, string, Row, string][] = [
  ['a cycle is owed', 'cycles', february, another.waived, 'cycle'],
  ['a subscription has an open payment', 'cycles', march, another.cycle, 'openSubscriptionId'],
  [
    'a payment has an unresolved attempt',
    'attempts',
    onItsWay,
    another.attempt,
    'unresolvedPaymentId',
  ],
  ['a provider sees an idempotency key', 'attempts', onItsWay, another.attempt, 'idempotencyKey'],
  ['a provider sees a reference', 'attempts', onItsWay, another.attempt, 'reference'],
  ['a payment has an attempt of a number', 'attempts', onItsWay, another.attempt, 'number'],
  ['a provider sees a refund', 'refunds', all, another.refund, 'reference'],
  ['a provider sees the key of a refund', 'refunds', all, another.refund, 'idempotencyKey'],
  ['a refund of the provider is counted', 'refunds', all, another.refund, 'providerReference'],
  ['a capture is counted', 'captures', all, { attemptId: 'other' }, 'attemptId'],
];

const NEVER: [string, string, string[], Row][] = [
  ['gives back more than was captured', 'captures', ['attemptId'], { refundedMinor: 1001 }],
  ['gives back less than nothing', 'captures', ['attemptId'], { refundedMinor: -1 }],
  ['refunds nothing', 'refunds', ['id'], { amountMinor: 0 }],
  ['forgets a refund that is on its way', 'refunds', ['id'], { nextActionAt: null }],
  ['settles a refund that is on its way', 'refunds', ['id'], { settledAt: 'now' }],
  [
    'ends a refund without saying when',
    'refunds',
    ['id'],
    { status: 'failed', nextActionAt: null },
  ],
  ['owes nothing', 'cycles', ['subscriptionId', 'cycle'], { amountMinor: 0 }],
  [
    'has a cycle paid by no payment',
    'cycles',
    ['subscriptionId', 'cycle'],
    { status: 'paid', paymentId: null },
  ],
  [
    'lets a cycle wait for nobody',
    'cycles',
    ['subscriptionId', 'cycle'],
    { status: 'waiting', paymentId: null },
  ],
  ['waives what is being paid', 'cycles', ['subscriptionId', 'cycle'], { status: 'waived' }],
  ['has a payment in no known state', 'payments', ['id'], { status: 'paid' }],
  [
    'forgets an attempt whose end is not known',
    'attempts',
    ['id'],
    { status: 'unknown', nextActionAt: null, settledAt: null, unresolvedPaymentId: 'p' },
  ],
  [
    'has an attempt under way that holds no place',
    'attempts',
    ['id'],
    { status: 'pending', nextActionAt: 'now', settledAt: null, unresolvedPaymentId: null },
  ],
  [
    'settles an attempt without saying by what',
    'attempts',
    ['id'],
    {
      status: 'declined',
      nextActionAt: null,
      settledAt: 'now',
      settledBy: null,
      unresolvedPaymentId: null,
    },
  ],
  ['has half a payment method', 'accounts', ['customerId'], { provider: null }],
  ['loses a card in another way', 'accounts', ['customerId'], { unavailable: 'eaten' }],
  ['bills on no date', 'schedules', ['subscriptionId'], { nextBillingDate: null }],
  ['ends for no cause', 'schedules', ['subscriptionId'], { state: 'ended' }],
];

/** What MySQL, MariaDB and SQLite must refuse alike, whatever the code above them does. */
export function describeConstraints(open: () => Promise<Database>): void {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  beforeEach(() => emptied(db));
  afterAll(() => db?.close());

  const rowOf = async (table: string, where: string) => {
    const sql = `SELECT * FROM ${table} WHERE ${where}`;
    const [row] = await db.transaction((tx) => tx.select(sql));
    if (!row) throw new Error(`there is no row of ${table}`);
    return row as Row;
  };
  const insert = (table: string, row: Row) => db.transaction((tx) => tx.insert(table, [row]));

  test.each(ONCE)('%s once', async (_, table, where, fresh, same) => {
    await stored(db, ...STORY);
    await db.transaction((tx) => tx.execute("UPDATE refunds SET provider_reference = 're_1'"));
    const row = await rowOf(table, where);
    const legal = { ...row, ...fresh };
    const failure = await insert(table, { ...legal, [same]: row[same] ?? null }).catch(
      (error: unknown) => error,
    );
    expect(isUniqueViolation(failure)).toBe(true);
    expect(await insert(table, legal)).toBe(1);
  });

  test.each(NEVER)('nobody %s', async (_, table, key, wrong) => {
    await stored(db, ...STORY);
    const row = await rowOf(table, all);
    const change = (values: Row) => {
      const own = Object.fromEntries(key.map((name) => [name, row[name] ?? null]));
      return db.transaction((tx) => tx.update(table, key, [{ ...own, ...values }]));
    };
    const asItIs = Object.fromEntries(Object.keys(wrong).map((name) => [name, row[name] ?? null]));
    expect(await change(asItIs)).toBe(1);
    await expect(change(wrong)).rejects.toThrow(/constraint/i);
  });

  test.each([
    ['as much as was captured is written', 900, true],
    ['a penny more is refused whole', 901, false],
  ])('of refunds beside one of 1.00 %s', async (_, amountMinor, fits) => {
    const customer = await stored(db, ...STORY);
    const before = customer.account;
    const [first] = before.refunds;
    if (!first) throw new Error('nothing is refunded');
    const { paymentId, attemptId } = first;
    const amount = { amountMinor, currency: 'GBP' };
    customer.decide((account) => withRefund(account, { ...refund, paymentId, attemptId, amount }));
    const written = await saved(db, before, customer).then(
      () => 'written',
      (error: Error) => error.message,
    );
    expect(written).toMatch(fits ? /^written$/ : /constraint/i);
    const rows = await db.transaction((tx) => tx.select('SELECT id FROM refunds'));
    expect(rows).toHaveLength(fits ? 2 : 1);
  });
}
