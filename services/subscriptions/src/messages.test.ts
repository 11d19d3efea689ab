import { randomUUID } from 'node:crypto';
import { parseInstant } from '@perennial/calendar';
import { type Running, runService } from '../test/running-service';
import { shopOf } from '../test/shop';

let running: Running;
let shop: ReturnType<typeof shopOf>;

beforeEach(async () => {
  running = await runService('sqlite::memory:');
  shop = shopOf(running);
});
afterEach(() => running.stop());

const replaceCard = (customerId: string, paymentMethod: string, provider = 'aurora') =>
  running.call('PUT', `/customers/${customerId}/payment-method`, {
    body: { provider, paymentMethod },
  });
const told = (type: string) => running.told.filter((one) => one.type.includes(type));
const onFebruary = { on: '2026-02-28', reason: 'card_expired' };

test('a lost card ends every subscription that pays with it, told twice or ten times', async () => {
  const customer = await shop.customer();
  const ids = [await shop.subscription(customer), await shop.subscription(customer)];
  const other = await shop.subscription(await shop.customer({ paymentMethod: 'pm_other' }));
  await running.deliver(shop.cardUnavailable('pm_ok_ada'), shop.cardUnavailable('pm_ok_ada'));
  await running.deliver(shop.cardUnavailable('pm_ok_ada', 'cancelled'));
  for (const id of ids) expect((await shop.read(id)).cancellation).toEqual(onFebruary);
  expect((await shop.read(other)).cancellation).toBeNull();
  expect(told('cancellation-scheduled')).toHaveLength(2);
  const { body } = await running.call('GET', `/customers/${customer}`);
  expect(body.paymentMethod).toEqual({ reference: 'pm_ok_ada', unavailable: 'expired' });
});

test('a new card revokes it, and late word of the old one changes nothing', async () => {
  const customer = await shop.customer();
  const id = await shop.subscription(customer);
  await running.deliver(shop.cardUnavailable('pm_ok_ada'));
  expect((await replaceCard(customer, 'pm_new')).status).toBe(200);
  await running.deliver(shop.cardUnavailable('pm_ok_ada'));
  expect((await shop.read(id)).cancellation).toBeNull();
  const [scheduled] = told('cancellation-scheduled');
  const [revoked] = told('cancellation-revoked');
  const idOf = (data?: object) => (data as { cancellationId: string }).cancellationId;
  expect(idOf(revoked?.data)).toBe(idOf(scheduled?.data));
  expect(told('payment-method-changed').map(({ version }) => version)).toEqual([1, 2]);
});

test('a card known to be unavailable is refused, also when word of it came first', async () => {
  const customer = await shop.customer();
  await running.deliver(shop.cardUnavailable('pm_lost'), shop.cardUnavailable('pm_ok_ada'));
  expect((await replaceCard(customer, 'pm_lost')).status).toBe(422);
  expect((await replaceCard(customer, 'pm_ok_ada')).status).toBe(422);
  expect((await replaceCard(customer, 'pm_lost', 'borealis')).status).toBe(200);
  const { status, body } = await shop.post('/customers', {
    ...{ firstName: 'Eve', lastName: 'E', email: 'eve@example.org' },
    ...{ provider: 'aurora', paymentMethod: 'pm_lost' },
  });
  expect([status, body.errors[0].pointer]).toEqual([422, '/paymentMethod']);
});

test('no subscription is started on a lost card', async () => {
  const customer = await shop.customer();
  await running.deliver(shop.cardUnavailable('pm_ok_ada'));
  expect(await shop.subscription(customer)).toBeUndefined();
});

test('past due while a payment is retried, active once it is paid, in any order and twice', async () => {
  const id = await shop.subscription(await shop.customer());
  const payment = randomUUID();
  await running.clock.set(parseInstant('2026-02-28T06:00:00Z'));
  const [declined, again] = [shop.declined(id, payment, 3), shop.declined(id, payment, 5)];
  await running.deliver(declined, declined);
  const due = { status: 'past_due', nextBillingDate: '2026-03-31' };
  expect(await shop.read(id)).toMatchObject(due);
  await running.deliver(shop.succeeded(id, payment, 7));
  await running.deliver(again);
  expect(await shop.read(id)).toMatchObject({ ...due, status: 'active' });
});

test('in grace a lost card ends it at the next daily slot; billing says when', async () => {
  const id = await shop.subscription(await shop.customer());
  await running.clock.set(parseInstant('2026-02-28T07:00:00Z'));
  await running.deliver(shop.declined(id, randomUUID(), 3));
  await running.deliver(shop.cardUnavailable('pm_ok_ada'));
  expect((await shop.read(id)).cancellation).toEqual({ ...onFebruary, on: '2026-03-01' });
  await running.clock.set(parseInstant('2026-03-01T06:00:00Z'));
  const skipped = shop.skipped(id, 'card_expired');
  await running.deliver(skipped, skipped);
  const endedAt = '2026-03-01T06:00:00.000Z';
  const end = { status: 'cancelled', endReason: 'card_expired', endedAt, cancellation: null };
  expect(await shop.read(id)).toMatchObject(end);
  expect(told('subscription-ended')).toHaveLength(1);
});

test('the last decline terminates, and nothing brings it back', async () => {
  const id = await shop.subscription(await shop.customer());
  const payment = randomUUID();
  await running.deliver(shop.exhausted(id, payment, 9));
  await running.deliver(shop.succeeded(id, payment, 10));
  await running.deliver(shop.skipped(id, 'cancellation_due'));
  const end = { status: 'terminated', endReason: 'payment_exhausted', nextBillingDate: null };
  expect(await shop.read(id)).toMatchObject(end);
  expect(told('subscription-ended').map(({ data }) => data)).toMatchObject([
    { paymentId: payment },
  ]);
});

test('the provider stays while an attempt is open, the card does not', async () => {
  const customer = await shop.customer();
  const [attempt, early] = [randomUUID(), randomUUID()];
  await running.deliver(shop.resolved(customer, early));
  await running.deliver(shop.unresolved(customer, attempt), shop.unresolved(customer, early));
  const { status, body } = await replaceCard(customer, 'ct1', 'borealis');
  expect([status, body.code]).toEqual([409, 'attempt-unresolved']);
  expect((await replaceCard(customer, 'pm_new')).status).toBe(200);
  await running.deliver(shop.resolved(customer, attempt));
  await running.deliver(shop.unresolved(customer, attempt));
  expect((await replaceCard(customer, 'ct1', 'borealis')).status).toBe(200);
});

test('an attempt that was sent again and is open once more holds the provider again', async () => {
  const customer = await shop.customer();
  const attempt = randomUUID();
  const switched = () => replaceCard(customer, 'ct1', 'borealis');
  await running.deliver(shop.unresolved(customer, attempt));
  await running.deliver(shop.resolved(customer, attempt));
  await running.deliver(shop.unresolved(customer, attempt, 4));
  await running.deliver(shop.resolved(customer, attempt));
  expect((await switched()).body.code).toBe('attempt-unresolved');
  await running.deliver(shop.resolved(customer, attempt, 5));
  expect((await switched()).status).toBe(200);
});

test('word of a subscription that does not exist is trouble, not silence', async () => {
  const stray = shop.skipped(randomUUID(), 'cancellation_due');
  await expect(running.deliver(stray)).rejects.toThrow(/there is no subscription/);
});
