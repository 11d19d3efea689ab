import { parseInstant } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { newCause } from '@perennial/messaging';
import { allMigrations } from '@perennial/service';
import { testMysqlUrl } from '@perennial/testing';
import { OneCustomer } from '../../test/one-customer';
import { emptied } from '../../test/stored-account';
import type { Account } from '../domain/account';
import { paymentMethodChanged } from '../domain/card';
import { billingMigrations } from '../migrations';
import { Accounts } from './accounts';
import { lockDueAccounts } from './due-accounts';

let db: Database;
beforeAll(async () => {
  db = await openDatabase(await testMysqlUrl());
  await migrate(db, allMigrations(billingMigrations));
});
beforeEach(() => emptied(db));
afterAll(() => db?.close());

const now = parseInstant('2026-02-28T06:00:00Z');
const ids = createIds({ now: () => now });
const { moment } = new OneCustomer();
const names = Array.from({ length: 30 }, (_, n) => `customer-${String(n).padStart(2, '0')}`);
const account = (customerId: string) => ({
  ...{ customerId, provider: 'aurora', paymentMethod: 'pm_1', unavailable: null },
  ...{ combineCharges: 1, methodVersion: 0, erased: 0, dueAt: now },
});

/** Opens when `count` have come to it. */
function gate(count: number) {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let missing = count;
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return opened;
  };
}

test('who claims at once takes other accounts, and waits for nobody', async () => {
  await db.transaction((tx) => tx.insert('accounts', names.map(account)));
  const everybodyHasClaimed = gate(3);
  const claim = () =>
    db.transaction(async (tx) => {
      const ids = await lockDueAccounts('aurora', now, 12, tx);
      await everybodyHasClaimed();
      return ids;
    });
  const claims = await Promise.all([claim(), claim(), claim()]);
  expect(claims.flat().sort()).toEqual(names);
  expect(claims.map(({ length }) => length).sort()).toEqual([12, 12, 6]);
});

test('an account that somebody decides about is passed over', async () => {
  await db.transaction((tx) => tx.insert('accounts', names.map(account)));
  const [everythingIsLocked, everythingIsClaimed] = [gate(2), gate(2)];
  const deciding = db.transaction(async (tx) => {
    await Accounts.lock(names.slice(1), {}, tx);
    await everythingIsLocked();
    await everythingIsClaimed();
  });
  await everythingIsLocked();
  const claimed = await db.transaction((tx) => lockDueAccounts('aurora', now, 99, tx));
  await Promise.all([everythingIsClaimed(), deciding]);
  expect(claimed).toEqual(names.slice(0, 1));
});

test('ten who decide about the same customers take turns, and make who is not known once', async () => {
  const cause = newCause('system', 'timer:test', ids);
  const three = names.slice(0, 3);
  const decide = (n: number) =>
    db.transaction(async (tx) => {
      const order = n % 2 === 0 ? three : [...three].reverse();
      const accounts = await Accounts.lock(order, {}, tx);
      for (const id of order) accounts.decide(id, cause, moment, nextMethod);
      await accounts.save(moment, ids);
    });
  await Promise.all(Array.from({ length: 10 }, (_, n) => decide(n)));
  const rows = await db.transaction((tx) =>
    tx.select('SELECT customer_id, method_version FROM accounts ORDER BY customer_id'),
  );
  expect(rows).toEqual(three.map((customerId) => ({ customerId, methodVersion: 10 })));
});

function nextMethod(account: Account): Account {
  const version = account.customer.methodVersion + 1;
  const method = { provider: 'aurora', reference: `pm_${version}`, combineCharges: true };
  return paymentMethodChanged(account, { ...method, version, unavailable: null });
}
