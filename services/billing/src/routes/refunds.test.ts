import { randomUUID } from 'node:crypto';
import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

let running: Running;
let subscribers: ReturnType<typeof subscribersOf>;
let coffee: string;
let tea: string;
let path: string;

const DUE = '2026-02-28T06:00:00Z';
const pounds = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const why = { reason: 'requested_by_customer' };

/** One payment over 12.50 and 20.00. */
beforeEach(async () => {
  running = await runBilling();
  subscribers = subscribersOf(running);
  const customer = await subscribers.customer();
  coffee = await subscribers.subscription(customer);
  tea = await subscribers.subscription(customer, { amountMinor: 2000 });
  await running.until(DUE);
  path = `/payments/${(await list()).data[0].id}`;
});
afterEach(() => running.stop());

const list = async () => (await running.call('GET', '/payments')).body;
const payment = async () => (await running.call('GET', path)).body;
const post = (body: unknown, key: string | null = randomUUID()) =>
  running.call('POST', `${path}/refunds`, {
    body,
    headers: key === null ? {} : { 'Idempotency-Key': key },
  });
const refund = (more: object = {}) => post({ ...why, ...more });
const sentBack = () => running.aurora.ledger().refunds.map(({ amount }) => amount);
const part = (subscriptionId: string, amountMinor: number) => ({ subscriptionId, amountMinor });

test('all that is left is promised at once and sent by the next run, once', async () => {
  const { status, body } = await refund();
  const promised = {
    ...{ id: expect.any(String), paymentId: (await payment()).id, amount: pounds(3250) },
    ...{ reason: 'requested_by_customer', status: 'pending', origin: 'operator' },
    items: expect.arrayContaining([
      { subscriptionId: coffee, amount: pounds(1250) },
      { subscriptionId: tea, amount: pounds(2000) },
    ]),
    createdAt: '2026-02-28T06:00:00.000Z',
  };
  expect([status, body]).toEqual([201, promised]);
  expect(sentBack()).toEqual([]);
  expect(await payment()).toMatchObject({
    amountRefunded: pounds(0),
    refunds: [{ id: body.id, status: 'pending', providerReference: null }],
  });

  await running.until('2026-03-01T00:00:00Z');
  expect(sentBack()).toEqual([3250]);
  const { id, amount, reason, origin } = body;
  const [made] = running.aurora.ledger().refunds;
  expect(await payment()).toMatchObject({
    ...{ status: 'succeeded', amount: pounds(3250), amountRefunded: pounds(3250) },
    refunds: [
      { ...{ id, amount, reason, origin }, status: 'succeeded', providerReference: made?.id },
    ],
  });
});

test('parts add up to the payment and not a penny more', async () => {
  expect((await refund({ amountMinor: 1000 })).body).toMatchObject({
    ...{ amount: pounds(1000), items: null },
  });
  const tooMuch = await refund({ amountMinor: 2251 });
  expect([tooMuch.status, tooMuch.body.code]).toEqual([422, 'exceeds-payment']);
  expect((await refund({ amountMinor: 2250 })).status).toBe(201);
  const nothing = await refund();
  expect([nothing.status, nothing.body.code]).toEqual([409, 'nothing-left']);
  await running.until('2026-03-01T00:00:00Z');
  expect(sentBack()).toEqual([1000, 2250]);
});

test('per item each can be given back once', async () => {
  const items = [part(tea, 500), part(tea, 1500)];
  const both = [{ subscriptionId: tea, amount: pounds(2000) }];
  expect((await refund({ items })).body).toMatchObject({ amount: pounds(2000), items: both });
  const again = await refund({ items: [part(tea, 1)] });
  expect([again.status, again.body.code]).toEqual([422, 'exceeds-payment']);
  const rest = await refund();
  expect(rest.body.items).toEqual([{ subscriptionId: coffee, amount: pounds(1250) }]);
});

test('what was asked for while another refund is on its way counts already', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => refund({ amountMinor: 1500 })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 422]);
});

const invalid: [string, () => object, string][] = [
  ['an amount and items', () => ({ amountMinor: 1, items: [part(coffee, 1)] }), '/items'],
  ['no items', () => ({ items: [] }), '/items'],
  ['a stranger’s item', () => ({ items: [part(randomUUID(), 1)] }), '/items'],
  ['no amount of an item', () => ({ items: [part(coffee, 0)] }), '/items/0/amountMinor'],
  ['no amount', () => ({ amountMinor: 0 }), '/amountMinor'],
  ['part of a penny', () => ({ amountMinor: 0.5 }), '/amountMinor'],
  ['a text for an amount', () => ({ amountMinor: '1' }), '/amountMinor'],
  ['another reason', () => ({ reason: 'because' }), '/reason'],
  ['no reason', () => ({ reason: undefined }), '/reason'],
  ['an unknown field', () => ({ amount: 1 }), ''],
];
test.each(invalid)(
  'a refund with %s is refused and nothing is promised',
  async (_, of, pointer) => {
    const { status, body } = await refund(of());
    expect([status, body.code]).toEqual([422, 'invalid-input']);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
    expect((await payment()).refunds).toEqual([]);
  },
);

test('what is not JSON is 400, what does not say so is 415', async () => {
  expect((await post('{"reason":')).status).toBe(400);
  const headers = { 'Idempotency-Key': 'k', 'Content-Type': 'text/plain' };
  const text = await running.call('POST', `${path}/refunds`, { body: why, headers });
  expect(text.status).toBe(415);
});

test('what has not been paid cannot be given back', async () => {
  await subscribers.subscription(await subscribers.customer('pm_decline_do_not_honor'));
  await running.until('2026-03-01T06:00:00Z');
  path = `/payments/${(await list()).data[0].id}`;
  const { status, body } = await refund();
  expect([status, body.code]).toEqual([409, 'nothing-left']);
});

test('a refund that failed is free to be asked for again', async () => {
  await running.db.transaction((tx) =>
    tx.execute("UPDATE attempts SET provider_reference = 'pay_gone'"),
  );
  await refund();
  await running.until('2026-02-28T07:00:00Z');
  expect((await payment()).refunds).toMatchObject([{ status: 'failed' }]);
  expect((await refund()).status).toBe(201);
});

describe('Idempotency-Key', () => {
  test('is required', async () => {
    const { status, body } = await post(why, null);
    expect([status, body.code]).toEqual([400, 'idempotency-key-missing']);
  });

  test('with the same body gives the first answer again, for 7 days', async () => {
    const first = await post({ ...why, amountMinor: 100 }, 'once');
    await running.until('2026-03-07T05:59:59Z');
    const again = await post({ amountMinor: 100, ...why }, 'once');
    expect([again.status, again.body]).toEqual([201, first.body]);
    await running.until('2026-03-07T06:00:00Z');
    expect((await post({ ...why, amountMinor: 100 }, 'once')).body.id).not.toBe(first.body.id);
    expect((await payment()).refunds).toHaveLength(2);
  });

  test('with another body or payment is refused', async () => {
    await post({ ...why, amountMinor: 100 }, 'once');
    const other = await post({ ...why, amountMinor: 101 }, 'once');
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    path = `/payments/${randomUUID()}`;
    expect((await post({ ...why, amountMinor: 100 }, 'once')).status).toBe(422);
  });

  test('of another caller is another one', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    const run = () => running.call('POST', '/runs', { headers });
    const first = await run();
    expect((await run()).body).toEqual(first.body);
    const verify = await running.call('POST', '/audit/verify', { headers });
    expect(verify.body).toMatchObject({ ok: true });
  });

  test('ten at once are one refund; who comes while it is under way is told so', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post({ ...why, amountMinor: 100 }, 'once')),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 201 && status !== 409)).toEqual([]);
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect(new Set(made).size).toBe(1);
    expect((await payment()).refunds).toHaveLength(1);
  });

  test('after a refusal is free again', async () => {
    expect((await post({ ...why, amountMinor: 9999 }, 'once')).status).toBe(422);
    expect((await post({ ...why, amountMinor: 100 }, 'once')).status).toBe(201);
  });
});
