import { parseInstant } from '@perennial/calendar';
import { testMysqlUrl } from '@perennial/testing';
import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

let replicas: Running[];
beforeAll(async () => {
  const url = await testMysqlUrl();
  const first = await runBilling(url);
  replicas = [first, await runBilling(url, { AURORA_URL: first.auroraUrl })];
});
afterAll(async () => {
  for (const replica of [...(replicas ?? [])].reverse()) await replica.stop();
});

test('two replicas that run at once share the customers, and charge each once', async () => {
  const [first] = replicas;
  if (!first) throw new Error('no replica');
  const customers = await subscribersOf(first).many(600);
  for (const { clock } of replicas) await clock.set(parseInstant('2026-02-28T06:00:00Z'));
  const runs = await Promise.all(replicas.map((replica) => replica.call('POST', '/runs')));

  const shares = runs.map(({ body }) => body.succeeded);
  expect(shares[0] + shares[1]).toBe(600);
  for (const share of shares) expect(share).toBeGreaterThan(0);
  const { charges } = first.aurora.ledger();
  expect(charges).toHaveLength(600);
  expect(new Set(charges.map(({ merchantReference }) => merchantReference)).size).toBe(600);
  const paid = await first.db.transaction((tx) =>
    tx.select("SELECT customer_id FROM cycles WHERE status = 'paid'"),
  );
  expect(new Set(paid.map(({ customerId }) => customerId))).toEqual(new Set(customers));
});

test('the same refund asked of both at once is one refund; two of all that is left are one too', async () => {
  const [first, second] = replicas;
  if (!first || !second) throw new Error('no replica');
  const { data } = (await first.call('GET', '/payments?limit=2')).body;
  const [one, other] = data.map(({ id }: { id: string }) => `/payments/${id}/refunds`);
  const ask = (replica: Running, path: string, key: string) =>
    replica.call('POST', path, {
      body: { reason: 'duplicate' },
      headers: { 'Idempotency-Key': key },
    });
  const same = await Promise.all(replicas.map((replica) => ask(replica, one, 'same')));
  const made = same.filter(({ status }) => status === 201).map(({ body }) => body.id);
  expect(made.length).toBeGreaterThan(0);
  expect(new Set(made).size).toBe(1);
  const two = await Promise.all([ask(first, other, 'a'), ask(second, other, 'b')]);
  expect(two.map(({ status }) => status).sort()).toEqual([201, 409]);
});
