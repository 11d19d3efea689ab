import { randomUUID } from 'node:crypto';
import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

let running: Running;
let subscribers: ReturnType<typeof subscribersOf>;
let coffee: string;
let tea: string;
let payment: string;

const pounds = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const part = (subscriptionId: string, amountMinor: number) => ({ subscriptionId, amountMinor });

/** One payment over 12.50 and 20.00, of which 15.00 were given back in the provider's dashboard. */
beforeEach(async () => {
  running = await runBilling();
  subscribers = subscribersOf(running);
  const customer = await subscribers.customer();
  coffee = await subscribers.subscription(customer);
  tea = await subscribers.subscription(customer, { amountMinor: 2000 });
  await running.until('2026-02-28T06:00:00Z');
  payment = (await running.call('GET', '/payments')).body.data[0].id;
  await told(1500);
});
afterEach(() => running.stop());

const told = (amountMinor: number) =>
  subscribers.refundTold(running.aurora.ledger().charges[0]?.id ?? '', amountMinor);
const refundIds = async (): Promise<string[]> =>
  (await running.call('GET', `/payments/${payment}`)).body.refunds.map(
    ({ id }: { id: string }) => id,
  );
const newest = async () => (await refundIds()).at(-1) ?? '';
const read = async (id: string) => (await running.call('GET', `/refunds/${id}`)).body;
const say = (id: string, ...items: object[]) =>
  running.call('PUT', `/refunds/${id}/items`, { body: { items } });
const ask = (body: object) =>
  running.call('POST', `/payments/${payment}/refunds`, {
    body: { reason: 'requested_by_customer', ...body },
    headers: { 'Idempotency-Key': randomUUID() },
  });

test('a refund from the dashboard belongs to no item until somebody says so, once', async () => {
  const id = await newest();
  const before = {
    ...{ id, paymentId: payment, amount: pounds(1500), reason: 'requested_by_customer' },
    ...{ status: 'succeeded', origin: 'provider', items: null },
    createdAt: '2026-02-28T06:00:00.000Z',
  };
  expect(await read(id)).toEqual(before);
  const both = [part(coffee, 500), part(tea, 1000)];
  const after = {
    ...before,
    items: both.map(({ subscriptionId, amountMinor }) => ({
      ...{ subscriptionId, amount: pounds(amountMinor) },
    })),
  };
  const { status, body } = await say(id, ...both);
  expect([status, body]).toEqual([200, after]);
  expect(await read(id)).toEqual(after);
  const again = await say(id, ...both);
  expect([again.status, again.body.code]).toEqual([409, 'already-allocated']);
});

test('what was said counts against what is left of the item, and is in the audit trail', async () => {
  const id = await newest();
  await say(id, part(tea, 1500));
  const tooMuch = await ask({ items: [part(tea, 501)] });
  expect([tooMuch.status, tooMuch.body.code]).toEqual([422, 'exceeds-payment']);
  expect((await ask({ items: [part(tea, 500), part(coffee, 1250)] })).status).toBe(201);
  const { history } = (await running.call('GET', `/payments/${payment}`)).body;
  const entries = history.filter(({ entity }: { entity: { id: string } }) => entity.id === id);
  expect(entries).toMatchObject([
    { from: null, to: 'succeeded', facts: { items: null } },
    { from: 'succeeded', to: 'succeeded', facts: { items: [{ subscriptionId: tea }] } },
  ]);
  expect(entries[1].cause.actor).toMatch(/^operator:/);
});

test('an operator’s refund of an amount is said in the same way; what belongs by itself is not', async () => {
  const { body: byAmount } = await ask({ amountMinor: 100 });
  expect((await say(byAmount.id, part(coffee, 100))).status).toBe(200);
  const { body: byItem } = await ask({ items: [part(coffee, 100)] });
  expect((await say(byItem.id, part(coffee, 100))).status).toBe(409);
});

test('of a refund that failed there is nothing to say', async () => {
  await running.db.transaction((tx) =>
    tx.execute("UPDATE attempts SET provider_reference = 'pay_gone'"),
  );
  const { body } = await ask({ amountMinor: 100 });
  await running.until('2026-02-28T07:00:00Z');
  const said = await say(body.id, part(coffee, 100));
  expect([said.status, said.body.code]).toEqual([409, 'refund-failed']);
});

const refused: [string, () => object[], [string, string][]][] = [
  ['less than the refund', () => [part(tea, 1499)], [['/items', 'sum-differs']]],
  ['more than the refund', () => [part(tea, 1501)], [['/items', 'sum-differs']]],
  [
    'an item that the payment did not pay',
    () => [part(tea, 1000), part(randomUUID(), 500)],
    [['/items/1/subscriptionId', 'unknown-item']],
  ],
  [
    'more than an item cost',
    () => [part(coffee, 1251), part(tea, 249)],
    [['/items/0/amountMinor', 'exceeds-item']],
  ],
  [
    'more than an item cost, in two parts',
    () => [part(coffee, 1000), part(coffee, 251), part(tea, 249)],
    [
      ['/items/0/amountMinor', 'exceeds-item'],
      ['/items/1/amountMinor', 'exceeds-item'],
    ],
  ],
  ['nothing', () => [], [['/items', 'too_small']]],
  ['no amount', () => [part(tea, 0)], [['/items/0/amountMinor', 'too_small']]],
];
test.each(refused)('%s is refused, and nothing is said by it', async (_, items, errors) => {
  const id = await newest();
  const { status, body } = await say(id, ...items());
  const told = body.errors.map((error: { pointer: string; code: string }) => [
    error.pointer,
    error.code,
  ]);
  expect([status, told]).toEqual([422, errors]);
  expect((await read(id)).items).toBeNull();
});

test('more than is left of an item is refused', async () => {
  await ask({ items: [part(tea, 600)] });
  const { status, body } = await say((await refundIds())[0] ?? '', part(tea, 1500));
  expect([status, body.errors[0].code]).toEqual([422, 'exceeds-item']);
});

test('a refund that nobody knows is not there', async () => {
  const id = randomUUID();
  expect((await running.call('GET', `/refunds/${id}`)).status).toBe(404);
  expect((await say(id, part(tea, 1))).status).toBe(404);
});
