import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

let running: Running;
let subscribers: ReturnType<typeof subscribersOf>;

beforeEach(async () => {
  running = await runBilling();
  subscribers = subscribersOf(running);
});
afterEach(() => running.stop());

const DUE = '2026-02-28T06:00:00Z';
const pounds = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const get = async (path: string) => (await running.call('GET', path)).body;
const idsOf = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);

test('a payment tells what it is for, how it was collected and when', async () => {
  const customerId = await subscribers.customer();
  const subscriptionId = await subscribers.subscription(customerId, { quantity: 2 });
  await running.until(DUE);
  const { data, nextCursor } = await get('/payments');
  const [charge] = running.aurora.ledger().charges;
  const [billingDate, amount] = ['2026-02-28', pounds(2500)];
  const at = '2026-02-28T06:00:00.000Z';
  expect(nextCursor).toBeNull();
  expect(data).toEqual([
    {
      ...{ id: expect.any(String), customerId, provider: 'aurora', billingDate, amount },
      ...{ amountRefunded: pounds(0), status: 'succeeded', nextAttemptOn: null, createdAt: at },
      items: [{ subscriptionId, cycle: 1, billingDate, amount, status: 'paid' }],
      attempts: [
        {
          ...{ number: 1, amount, status: 'succeeded', reason: null, rawReason: null },
          ...{ idempotencyKey: expect.any(String), providerReference: charge?.id },
          ...{ startedAt: at, settledAt: at, settledBy: 'response' },
        },
      ],
      refunds: [],
    },
  ]);
  const { history, ...alone } = await get(`/payments/${data[0].id}`);
  expect(alone).toEqual(data[0]);
  expect(history.map((entry: { to: string }) => entry.to)).toEqual(['processing', 'succeeded']);
});

test.each([
  ['pm_decline_insufficient_funds', 'retrying', '2026-03-01', 'declined', 'insufficient_funds'],
  ['pm_decline_new_word', 'retrying', '2026-03-01', 'declined', 'unknown'],
  ['pm_pending_1', 'processing', null, 'pending', null],
  ['pm_500_after', 'processing', null, 'unknown', null],
  ['pm_503_before', 'scheduled', null, 'not_sent', null],
])('charged with %s it is %s, next on %s', async (card, status, next, attempt, reason) => {
  await subscribers.subscription(await subscribers.customer(card));
  await running.until(DUE);
  const [payment] = (await get('/payments')).data;
  expect(payment).toMatchObject({ status, nextAttemptOn: next });
  expect(payment.attempts).toMatchObject([{ status: attempt, reason }]);
  expect(payment.items).toMatchObject([{ status: 'owed' }]);
});

test('lists newest first, page by page', async () => {
  await subscribers.many(5);
  await running.until(DUE);
  const all = idsOf(await get('/payments'));
  expect(all).toEqual([...all].sort().reverse());
  const first = await get('/payments?limit=2');
  const second = await get(`/payments?limit=2&cursor=${first.nextCursor}`);
  const third = await get(`/payments?limit=2&cursor=${second.nextCursor}`);
  expect([first, second, third].flatMap(idsOf)).toEqual(all);
  expect([first, second, third].map(({ data }) => data.length)).toEqual([2, 2, 1]);
  expect(third.nextCursor).toBeNull();
});

test('a page that is just full is the last one', async () => {
  await subscribers.many(2);
  await running.until(DUE);
  expect((await get('/payments?limit=2')).nextCursor).toBeNull();
});

describe('filters', () => {
  let mine: string;
  let march: string;
  let refused: string;
  let customerId: string;
  let subscriptionId: string;

  beforeEach(async () => {
    customerId = await subscribers.customer();
    subscriptionId = await subscribers.subscription(customerId);
    const other = await subscribers.customer('pm_decline_do_not_honor');
    await subscribers.subscription(other, { anchor: '2026-01-15' });
    await running.until('2026-03-31T06:00:00Z');
    const { data } = await get('/payments');
    [refused, mine, march] = idsOf({ data }).reverse() as [string, string, string];
    expect(data).toHaveLength(3);
  });

  test.each([
    ['customerId', () => customerId, () => [march, mine]],
    ['subscriptionId', () => subscriptionId, () => [march, mine]],
    ['status', () => 'exhausted', () => [refused]],
    ['status', () => 'abandoned', () => []],
    ['provider', () => 'aurora', () => [march, mine, refused]],
    ['provider', () => 'borealis', () => []],
    ['billingDateFrom', () => '2026-02-28', () => [march, mine]],
    ['billingDateFrom', () => '2026-03-01', () => [march]],
    ['billingDateTo', () => '2026-02-28', () => [mine, refused]],
    ['billingDateTo', () => '2026-02-27', () => [refused]],
  ])('by %s %#', async (name, value, expected) => {
    expect(idsOf(await get(`/payments?${name}=${value()}`))).toEqual(expected());
  });

  test('all at once, with a cursor', async () => {
    const both = `customerId=${customerId}&subscriptionId=${subscriptionId}&status=succeeded`;
    const first = await get(`/payments?limit=1&${both}`);
    expect(idsOf(first)).toEqual([march]);
    expect(idsOf(await get(`/payments?${both}&cursor=${first.nextCursor}`))).toEqual([mine]);
  });
});
