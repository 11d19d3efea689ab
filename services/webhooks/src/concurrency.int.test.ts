import { testMysqlUrl } from '@perennial/testing';
import { type Running, runWebhooks } from '../test/running-webhooks';
import { send, succeeded } from '../test/signed';

let instances: Running[];
beforeAll(async () => {
  const url = await testMysqlUrl();
  instances = [await runWebhooks(url), await runWebhooks(url)];
});
afterAll(async () => {
  for (const running of instances ?? []) await running.stop();
});

const rounds = Array.from({ length: 5 }, (_, round) => round);

test.each(rounds)('ten copies at once, at two instances: one counts (%i)', async () => {
  const body = succeeded();
  const ten = Array.from({ length: 10 }, (_, n) => instances[n % 2]?.url ?? '');
  const answers = await Promise.all(ten.map((url) => send(url, body)));
  const statuses = answers.map(({ body: said }) => said.status).sort();
  expect(statuses).toEqual(['accepted', ...Array.from({ length: 9 }, () => 'duplicate')]);
  const [first] = instances;
  const told = await first?.db.transaction((tx) =>
    tx.select('SELECT id FROM deliveries WHERE event_id = :id', { id: body.id }),
  );
  expect(told).toHaveLength(1);
});

test.each(rounds)('ten contents under one id at once: one counts, nine aside (%i)', async () => {
  const { id } = succeeded();
  const bodies = Array.from({ length: 10 }, (_, n) => succeeded(id, { amount: n + 1 }));
  const answers = await Promise.all(
    bodies.map((body, n) => send(instances[n % 2]?.url ?? '', body)),
  );
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  const path = `/deliveries?status=quarantined&reference=${bodies[0]?.data.merchantReference}`;
  const aside = await instances[0]?.call('GET', `${path}&limit=200`);
  const mine = aside?.body.data.filter((one: { eventId: string }) => one.eventId === id);
  expect(mine).toHaveLength(9);
});
