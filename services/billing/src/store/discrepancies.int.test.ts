import { createIds, DiscrepancyKind } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { testMysqlUrl } from '@perennial/testing';
import { NOON } from '../../test/running-billing';
import { emptied, stored } from '../../test/stored-account';
import { billingMigrations } from '../migrations';
import { Accounts } from './accounts';
import { insertFound, lockOwners, reportedAmong } from './discrepancies';

let db: Database;
beforeAll(async () => {
  db = await openDatabase(await testMysqlUrl());
  await migrate(db, [billingMigrations]);
});
beforeEach(() => emptied(db));
afterAll(() => db?.close());

function signal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give, given };
}

test('who reports about a payment waits for who decides about its customer, and knows what that found', async () => {
  const customer = await stored(
    db,
    (one) => one.buys('s', { on: '2026-01-03' }),
    (one) => one.runsOn('2026-02-03'),
  );
  const paymentId = customer.payment.id;
  const kind = DiscrepancyKind.enum.amount_differs;
  const id = createIds({ now: () => NOON })();
  const trouble = { id, kind, about: 'attempt', provider: 'aurora', paymentId, openedAt: NOON };
  const [locked, go] = [signal(), signal()];
  const deciding = db.transaction(async (tx) => {
    await Accounts.lock([customer.account.customer.id], { paymentIds: [paymentId] }, tx);
    locked.give();
    await go.given;
    await insertFound([{ ...trouble, details: {} }], 'open', tx);
  });
  await locked.given;
  const reporting = db.transaction(async (tx) => {
    await lockOwners([paymentId], tx);
    return (await reportedAmong([trouble], tx))(trouble);
  });
  // Long enough for it to have looked, if it did not wait.
  for (let n = 0; n < 20; n += 1) await db.ping();
  go.give();
  await deciding;
  expect(await reporting).toBe(id);
});
