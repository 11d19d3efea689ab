import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

let running: Running;
beforeEach(async () => {
  running = await runBilling();
  await subscribersOf(running).many(2);
  await running.until('2026-02-28T06:00:00Z');
});
afterEach(() => running.stop());

const verify = () => running.call('POST', '/audit/verify');
const paidEntry = async () => {
  const [row] = await running.db.transaction((tx) =>
    tx.select("SELECT id FROM audit_entries WHERE to_state = 'succeeded' ORDER BY position"),
  );
  return String(row?.['id']);
};

test('a trail that nobody touched is whole', async () => {
  const { status, body } = await verify();
  const [row] = await running.db.transaction((tx) =>
    tx.select('SELECT COUNT(*) AS entries FROM audit_entries'),
  );
  expect([status, body]).toEqual([200, { entries: row?.['entries'], ok: true }]);
  expect(body.entries).toBeGreaterThanOrEqual(8);
});

test('an entry that was altered is named', async () => {
  const id = await paidEntry();
  await running.db.transaction((tx) =>
    tx.execute("UPDATE audit_entries SET facts = '{}' WHERE id = :id", { id }),
  );
  const { status, body } = await verify();
  expect([status, body]).toMatchObject([200, { ok: false, firstBadEntry: id }]);
});
