import { randomUUID } from 'node:crypto';
import { type Running, runBilling } from '../../test/running-billing';

let running: Running;
beforeAll(async () => {
  running = await runBilling();
});
afterAll(() => running.stop());

const id = randomUUID();
const refund = { reason: 'duplicate' };
const allocation = { items: [{ subscriptionId: id, amountMinor: 1 }] };
const explained = { state: 'explained', note: 'seen' };
const day = { provider: 'aurora', from: '2026-01-30T00:00:00Z', to: '2026-01-31T00:00:00Z' };
const period = 'from=2026-02-01&to=2026-02-28';
const key = () => ({ 'Idempotency-Key': randomUUID() });

/** Method, path, scope, and what who may call is answered where there is nothing yet. */
const CALLS: [string, string, string, number, unknown?][] = [
  ['GET', '/payments', 'billing:read', 200],
  ['GET', `/payments/${id}`, 'billing:read', 404],
  ['POST', `/payments/${id}/refunds`, 'billing:write', 404, refund],
  ['GET', `/refunds/${id}`, 'billing:read', 404],
  ['PUT', `/refunds/${id}/items`, 'billing:write', 404, allocation],
  ['GET', `/subscriptions/${id}/schedule`, 'billing:read', 404],
  ['GET', `/subscriptions/${id}/explanation`, 'billing:read', 404],
  ['GET', `/forecast?${period}`, 'billing:read', 200],
  ['POST', '/runs', 'billing:write', 201],
  ['GET', '/runs', 'billing:read', 200],
  ['GET', `/runs/${id}`, 'billing:read', 404],
  ['POST', '/reconciliations', 'billing:write', 202, day],
  ['GET', '/reconciliations', 'billing:read', 200],
  ['GET', `/reconciliations/${id}`, 'billing:read', 404],
  ['GET', `/reconciliations/${id}.csv`, 'billing:read', 404],
  ['GET', '/discrepancies', 'billing:read', 200],
  ['POST', `/discrepancies/${id}/resolution`, 'billing:write', 404, explained],
  ['POST', '/audit/verify', 'operator', 200],
];

describe.each(CALLS)('%s %s', (method, path, scope, status, body) => {
  const call = (token: string | null) =>
    running.call(method, path, { token, body, headers: key() });

  test(`is for who has ${scope}`, async () => {
    expect((await call(scope)).status).toBe(status);
  });

  test('is refused without a token, and with a wrong one', async () => {
    for (const token of [null, 'wrong']) expect((await call(token)).status).toBe(401);
  });

  test('is refused with every other scope', async () => {
    const all = ['customers', 'subscriptions', 'billing:read', 'billing:write', 'operator'];
    for (const other of [...all, 'contacts:read'].filter((one) => one !== scope)) {
      expect([other, (await call(other)).status]).toEqual([other, 403]);
    }
  });
});

test.each([
  ['GET', '/payments/not-an-id', undefined],
  ['POST', '/payments/not-an-id/refunds', refund],
  ['GET', '/subscriptions/not-an-id/schedule', undefined],
  ['GET', '/subscriptions/not-an-id/explanation', undefined],
  ['GET', '/runs/not-an-id', undefined],
  ['POST', '/discrepancies/not-an-id/resolution', explained],
])('%s %s is about nothing', async (method, path, body) => {
  expect((await running.call(method, path, { body, headers: key() })).status).toBe(404);
});

test.each([
  ['/payments?limit=0', '/limit'],
  ['/payments?limit=201', '/limit'],
  ['/payments?limit=many', '/limit'],
  ['/payments?customerId=me', '/customerId'],
  ['/payments?subscriptionId=mine', '/subscriptionId'],
  ['/payments?status=paid', '/status'],
  ['/payments?billingDateFrom=2026-02-30', '/billingDateFrom'],
  ['/payments?billingDateTo=tomorrow', '/billingDateTo'],
  ['/runs?limit=0', '/limit'],
  ['/runs?limit=201', '/limit'],
  ['/reconciliations?limit=201', '/limit'],
  ['/discrepancies?limit=201', '/limit'],
  ['/discrepancies?state=closed', '/state'],
  ['/discrepancies?kind=odd', '/kind'],
  [`/subscriptions/${id}/schedule?count=0`, '/count'],
  [`/subscriptions/${id}/schedule?count=201`, '/count'],
  ['/forecast?to=2026-02-28', '/from'],
  ['/forecast?from=2026-02-01', '/to'],
  ['/forecast?from=2026-02-02&to=2026-02-01', '/to'],
  ['/forecast?from=2026-01-01&to=2036-01-01', '/to'],
])('GET %s is wrong at %s', async (path, pointer) => {
  const { status, body } = await running.call('GET', path);
  expect([status, body.code]).toEqual([422, 'invalid-input']);
  expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
});

test('a problem says what is wrong, in which request, and nothing else', async () => {
  const headers = { 'X-Request-Id': 'mine' };
  const { body } = await running.call('GET', `/payments/${id}`, { headers });
  expect(body).toEqual({
    ...{ type: 'https://perennial.dev/problems/not-found', title: 'Not Found', status: 404 },
    ...{ code: 'not-found', detail: 'There is no such payment.', requestId: 'mine' },
  });
});

test('only what is served is documented, and all of it', async () => {
  const { body } = await running.call('GET', '/openapi.json', { token: null });
  const documented = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = CALLS.map(([method, path]) => {
    const pattern = path.replace(/\?.*/, '').replace(id, '{id}');
    return `${method} ${pattern}`;
  });
  expect(documented).toEqual(expect.arrayContaining(served));
});
