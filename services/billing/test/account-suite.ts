import type { Database } from '@perennial/database';
import type { Account } from '../src/domain/account';
import type { OneCustomer } from './one-customer';
import { declined, notSent, pending, unknown } from './one-customer';
import { done, hears, told } from './refunds';
import { emptied, loaded, type Step, saved, stored } from './stored-account';

const buys: Step = (customer) =>
  customer.buys('s', { on: '2026-01-03' }).buys('t', { on: '2026-01-03', amountMinor: 700 });
const charged: Step = (customer) => customer.runsOn('2026-02-03');
const paid: Step = (customer) => customer.paid();
const marchBehindFebruary: readonly Step[] = [
  buys,
  charged,
  (customer) => customer.hears(pending),
  (customer) => customer.runsOn('2026-03-03'),
];

const LIVES: [string, ...Step[]][] = [
  ['has bought', buys],
  [
    'bought in another currency',
    (customer) => customer.buys('s', { on: '2026-01-03', currency: 'JPY' }),
  ],
  ['is being charged', buys, charged],
  ['has paid', buys, charged, paid],
  ['could not be charged', buys, charged, (customer) => customer.hears(notSent)],
  ['is asked about', buys, charged, (customer) => customer.hears(unknown)],
  ['waits with March for February', ...marchBehindFebruary],
  [
    'has paid February and is charged for March',
    ...marchBehindFebruary,
    (customer) => customer.paid('webhook').runs(),
  ],
  ['was declined', buys, charged, (customer) => customer.declined('suspected_fraud')],
  [
    'was declined and is charged again',
    buys,
    charged,
    (customer) => customer.declined().runsOn('2026-02-04'),
  ],
  ['was never able to pay', buys, (customer) => customer.runsUntil('2026-02-09', () => declined())],
  ['was found too late', buys, (customer) => customer.runsOn('2026-05-01'), paid],
  ['has lost the card', buys, (customer) => customer.losesCard(), charged],
  ['has another card', buys, (customer) => customer.losesCard().takesCard('pm_2'), charged],
  ['will end', buys, (customer) => customer.asksToEnd('s', '2026-03-03'), charged],
  ['has ended with all that waited', ...marchBehindFebruary, (customer) => customer.endsNow('s')],
  ['was heard to end before the purchase', (customer) => customer.endsNow('s')],
  ['will end what was not bought yet', (customer) => customer.asksToEnd('s', '2026-03-03')],
  ['asks for money back', buys, charged, paid, (customer) => customer.refundsItems(['t', 500])],
  [
    'has money back',
    buys,
    charged,
    paid,
    (customer) => customer.refunds({ form: 'all' }),
    (customer) => hears(customer, done),
  ],
  [
    'was given money back elsewhere',
    buys,
    charged,
    paid,
    (customer) => told(customer, 300, { rawReason: 'kindness' }),
  ],
];

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);
const asStored = (account: Account) => ({
  ...account,
  cycles: account.cycles.filter(({ status }) => status === 'waiting'),
  payments: [...account.payments].sort(byId),
  refunds: [...account.refunds].sort(byId),
  discrepancies: [],
});
const paymentsOf = ({ account }: OneCustomer) => account.payments.map(({ id }) => id);

/** What MySQL, MariaDB and SQLite must do alike. */
export function describeAccounts(open: () => Promise<Database>): void {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  beforeEach(() => emptied(db));
  afterAll(() => db?.close());

  test.each(LIVES)('a customer who %s comes back so', async (_, ...steps) => {
    const customer = await stored(db, ...steps);
    const account = await loaded(db, paymentsOf(customer));
    expect(asStored(account)).toEqual(asStored(customer.account));
  });

  const STILL_TO_DO: [string, boolean, ...Step[]][] = [
    ['is on its way', true, charged],
    ['was declined', true, charged, (customer) => customer.declined()],
    ['has been paid', false, charged, paid],
    ['is to be refunded', true, charged, paid, (customer) => customer.refunds({ form: 'all' })],
    [
      'has been refunded',
      false,
      charged,
      paid,
      (customer) => customer.refunds({ form: 'all' }),
      (customer) => hears(customer, done),
    ],
  ];
  test.each(STILL_TO_DO)(
    'a payment that %s is loaded without being asked for: %s',
    async (_, isLoaded, ...steps) => {
      const customer = await stored(db, buys, ...steps);
      const found = isLoaded ? paymentsOf(customer) : [];
      expect((await loaded(db)).payments.map(({ id }) => id)).toEqual(found);
    },
  );

  test('a place goes from one payment to the next, in whatever order they are written', async () => {
    const customer = await stored(db, ...marchBehindFebruary);
    const before = customer.account;
    customer.paid('webhook').runs();
    customer.account = { ...customer.account, payments: [...customer.account.payments].reverse() };
    await saved(db, before, customer);
    const account = await loaded(db, paymentsOf(customer));
    expect(asStored(account)).toEqual(asStored(customer.account));
  });

  test('when an account is due next is written with it', async () => {
    const dueAt = async () => {
      const [row] = await db.transaction((tx) => tx.select('SELECT due_at FROM accounts'));
      return row?.['dueAt'];
    };
    await stored(db, buys);
    expect(await dueAt()).toBe('2026-02-03T06:00:00.000Z');
    await emptied(db);
    await stored(db, buys, charged, paid);
    expect(await dueAt()).toBe('2026-03-03T06:00:00.000Z');
    await emptied(db);
    await stored(db, (customer) => customer.endsNow('s'));
    expect(await dueAt()).toBeNull();
  });
}
