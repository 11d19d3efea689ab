import { testMysqlUrl } from '@perennial/testing';
import { happeningsTo } from '../test/happenings';
import { type Running, runNotifications } from '../test/running-notifications';

let replicas: Running[];
beforeAll(async () => {
  const url = await testMysqlUrl();
  replicas = [await runNotifications(url), await runNotifications(url)];
});
afterAll(async () => {
  for (const running of replicas ?? []) await running.stop();
});

const keys = () =>
  replicas.flatMap(({ outside }) =>
    outside.posted.map(({ headers }) => headers['idempotency-key']),
  );

test('two replicas share the mails between them, and none goes out twice', async () => {
  const [first] = replicas;
  if (!first) throw new Error('no replica');
  const customers = Array.from({ length: 60 }, () => happeningsTo(first.ids));
  const told = customers.flatMap((customer) => [customer.succeeded(), customer.refunded()]);
  await first.deliver(...told);
  await Promise.all(replicas.map((replica) => replica.tell()));
  expect(keys()).toHaveLength(120);
  expect(new Set(keys()).size).toBe(120);
  for (const { outside } of replicas) expect(outside.posted.length).toBeGreaterThan(0);
});

test('the same told to both at once is one mail', async () => {
  const before = keys().length;
  const [first] = replicas;
  if (!first) throw new Error('no replica');
  const { scheduled } = happeningsTo(first.ids);
  await Promise.all(replicas.map((replica) => replica.tell(scheduled('card_expired'))));
  await Promise.all(replicas.map((replica) => replica.tell()));
  expect(keys()).toHaveLength(before + 1);
});
