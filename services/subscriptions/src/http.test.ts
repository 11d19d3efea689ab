import { randomUUID } from 'node:crypto';
import { type Running, runService } from '../test/running-service';
import { ada, shopOf } from '../test/shop';

let running: Running;
let shop: ReturnType<typeof shopOf>;

beforeEach(async () => {
  running = await runService('sqlite::memory:');
  shop = shopOf(running);
});
afterEach(() => running.stop());

const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map((e) => e.pointer);
const types = () => running.told.map(({ type }) => type.split('.')[1]);

test('a customer is registered, and seen with personal data only by who may', async () => {
  const { status, body } = await shop.post('/customers', ada);
  expect(status).toBe(201);
  const card = { reference: 'pm_ok_ada', unavailable: null };
  const anonymous = {
    ...{ id: body.id, provider: 'aurora', paymentMethod: card, combineCharges: true },
    createdAt: '2026-01-31T12:00:00.000Z',
  };
  const { provider: _, paymentMethod: __, ...person } = ada;
  expect(body).toEqual({ ...anonymous, ...person });
  const path = `/customers/${body.id}`;
  expect((await running.call('GET', path)).body).toEqual(body);
  expect((await running.call('GET', path, { scope: 'subscriptions' })).body).toEqual(anonymous);
  expect((await running.call('GET', path, { scope: 'contacts:read' })).status).toBe(403);
  expect(types()).toEqual(['payment-method-changed']);
});

test.each([
  [{ provider: 'nobody' }, '/provider'],
  [{ email: 'not an address' }, '/email'],
  [{ firstName: '' }, '/firstName'],
  [{ paymentMethod: undefined }, '/paymentMethod'],
])('a customer with %j is refused', async (change, pointer) => {
  const { status, body } = await shop.post('/customers', { ...ada, ...change });
  expect(status).toBe(422);
  expect(pointers(body)).toEqual([pointer]);
});

test('a customer is found by e-mail, however it is written', async () => {
  const id = await shop.customer();
  await shop.customer({ email: 'eve@example.org' });
  const { status, body } = await shop.post('/customers/search', { email: ' ADA@example.org ' });
  expect(status).toBe(200);
  expect(body.data.map((found: { id: string }) => found.id)).toEqual([id]);
  expect(body.nextCursor).toBeNull();
});

test('a page ends where its limit says, and the next one begins there', async () => {
  const ids = [await shop.customer(), await shop.customer(), await shop.customer()];
  const search = (query: string) => shop.post(`/customers/search?${query}`, { email: ada.email });
  const first = (await search('limit=2')).body;
  const second = (await search(`limit=2&cursor=${first.nextCursor}`)).body;
  const found = [...first.data, ...second.data].map(({ id }: { id: string }) => id);
  expect(found).toEqual(ids.reverse());
  expect(second.nextCursor).toBeNull();
  expect((await search('limit=201')).status).toBe(422);
});

test('a contact is for those who send mails', async () => {
  const path = `/contacts/${await shop.customer()}`;
  expect((await running.call('GET', path)).status).toBe(403);
  expect((await running.call('GET', path, { scope: 'contacts:read' })).body).toEqual({
    ...{ title: 'Dr', firstName: 'Ada', lastName: 'Lovelace', email: 'Ada@Example.org' },
  });
});

test('a change of personal data is nobody’s business, one of combined charging is billing’s', async () => {
  const path = `/customers/${await shop.customer()}`;
  const body = { lastName: 'Byron', address: null };
  const renamed = await running.call('PATCH', path, { body });
  expect(renamed.body).toMatchObject({ ...body, firstName: 'Ada' });
  expect(types()).toEqual(['payment-method-changed']);
  await running.call('PATCH', path, { body: { combineCharges: false } });
  await running.call('PATCH', path, { body: { combineCharges: false } });
  expect(running.told.map(({ version }) => version)).toEqual([1, 3]);
  expect((await running.call('PATCH', path, { body: { provider: 'x' } })).status).toBe(422);
});

test('an erased customer is gone, with everything they had', async () => {
  const key = { 'Idempotency-Key': randomUUID() };
  const { id } = (await shop.post('/customers', ada, key)).body;
  expect((await shop.post('/customers', ada, key)).body.id).toBe(id);
  const subscription = await shop.subscription(id);
  expect((await running.call('DELETE', `/customers/${id}`)).status).toBe(204);
  expect((await running.call('DELETE', `/customers/${id}`)).status).toBe(204);
  expect((await running.call('GET', `/customers/${id}`)).status).toBe(404);
  expect((await shop.post('/customers', ada, key)).status).toBe(404);
  expect((await shop.post('/customers/search', { email: ada.email })).body.data).toEqual([]);
  const scope = 'contacts:read' as const;
  expect((await running.call('GET', `/contacts/${id}`, { scope })).status).toBe(404);
  const ended = { status: 'cancelled', endReason: 'customer_erased', nextBillingDate: null };
  expect(await shop.read(subscription)).toMatchObject(ended);
  expect(types().slice(-2)).toEqual(['subscription-ended', 'customer-erased']);
});

test('a subscription starts, keeps its price, and tells its history', async () => {
  const customerId = await shop.customer();
  const id = await shop.subscription(customerId);
  const document = await shop.read(id);
  expect(document).toMatchObject({
    ...{ id, customerId, quantity: 2, interval: 'monthly', status: 'active', cancellation: null },
    ...{ price: { amountMinor: 1250, currency: 'GBP' }, endedAt: null, endReason: null },
    ...{ anchorDate: '2026-01-31', nextBillingDate: '2026-02-28' },
  });
  const list = await running.call('GET', `/customers/${customerId}/subscriptions`);
  expect(list.body).toEqual({ data: [document], nextCursor: null });
  await running.call('POST', `/subscriptions/${id}/cancellation`, { body: { when: 'now' } });
  const { body } = await running.call('GET', `/subscriptions/${id}/history`);
  const steps = body.data.map((e: { from: string; to: string }) => [e.from, e.to]);
  expect(steps).toEqual([
    [null, 'active'],
    ['active', 'cancelled'],
  ]);
});

test.each([
  [{ purchasedAt: '2026-01-31T12:00:01Z' }, '/purchasedAt'],
  [{ customerId: randomUUID() }, '/customerId'],
  [{ productId: randomUUID() }, '/productId'],
  [{ quantity: 0 }, '/quantity'],
  [{ quantity: Number.MAX_SAFE_INTEGER }, '/quantity'],
  [{ interval: 'weekly' }, '/interval'],
])('an order with %j is refused', async (change, pointer) => {
  const unitPrice = { amountMinor: 1250, currency: 'GBP' };
  const product = await shop.post('/products', { name: 'Coffee', unitPrice });
  const order = { customerId: await shop.customer(), productId: product.body.id, quantity: 1 };
  const { status, body } = await shop.post('/subscriptions', {
    ...{ ...order, interval: 'monthly' },
    ...change,
  });
  expect(status).toBe(422);
  expect(pointers(body)).toEqual([pointer]);
});

test('an import keeps its anchor and owes from its registration on', async () => {
  const purchasedAt = '2024-02-29T23:30:00+00:00';
  const id = await shop.subscription(await shop.customer(), { purchasedAt, interval: 'annual' });
  const dates = { anchorDate: '2024-02-29', nextBillingDate: '2026-02-28' };
  expect(await shop.read(id)).toMatchObject(dates);
});

test('products are listed, newest first', async () => {
  const unitPrice = { amountMinor: 1250, currency: 'KWD' };
  const tea = (await shop.post('/products', { name: 'Tea', unitPrice })).body;
  const coffee = (await shop.post('/products', { name: 'Coffee', unitPrice })).body;
  expect(tea).toMatchObject({ name: 'Tea', description: null, unitPrice });
  expect((await running.call('GET', '/products')).body.data).toEqual([coffee, tea]);
  expect((await running.call('GET', `/products/${tea.id}`)).body).toEqual(tea);
});

test('a cancellation is scheduled, taken back, and refused once all is over', async () => {
  const id = await shop.subscription(await shop.customer());
  const path = `/subscriptions/${id}/cancellation`;
  const later = await running.call('POST', path, { body: { when: 'next_billing_date' } });
  expect(later.status).toBe(200);
  expect(later.body.cancellation).toEqual({ on: '2026-02-28', reason: 'customer_request' });
  expect((await running.call('DELETE', path)).body.cancellation).toBeNull();
  const ended = await running.call('POST', path, { body: { when: 'now' } });
  expect(ended.body).toMatchObject({ status: 'cancelled', endReason: 'customer_request' });
  expect((await running.call('POST', path, { body: { when: 'now' } })).status).toBe(409);
  expect((await running.call('DELETE', path)).status).toBe(409);
});

test('what does not exist is 404', async () => {
  const id = randomUUID();
  const body = { when: 'now' };
  const paths: [string, string, unknown?][] = [
    ['GET', `/customers/${id}`],
    ['PATCH', `/customers/${id}`, {}],
    ['DELETE', `/customers/${id}`],
    ['PUT', `/customers/${id}/payment-method`, { provider: 'aurora', paymentMethod: 'pm' }],
    ['GET', `/customers/${id}/subscriptions`],
    ['GET', `/products/${id}`],
    ['GET', `/subscriptions/${id}`],
    ['GET', `/subscriptions/${id}/history`],
    ['POST', `/subscriptions/${id}/cancellation`, body],
    ['DELETE', `/subscriptions/${id}/cancellation`],
    ['GET', '/subscriptions/not-an-id'],
  ];
  for (const [method, path, sentBody] of paths) {
    const { status } = await running.call(method, path, { body: sentBody });
    expect([method, path, status]).toEqual([method, path, 404]);
  }
});
