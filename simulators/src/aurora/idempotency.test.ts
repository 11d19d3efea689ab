import { until } from '@perennial/testing';
import { ORDER, RunningAurora } from '../../test/running-aurora';

let aurora: RunningAurora;
beforeEach(async () => {
  aurora = await RunningAurora.start();
});
afterEach(() => aurora.stop());

const DAY_MS = 86_400_000;
const charges = () => aurora.aurora.ledger().charges.length;

// biome-ignore format: a table
test.each([
  ['a success',            'pm_ok',                   201, 1],
  ['what was pending',     'pm_pending_ok',           201, 1],
  ['a decline',            'pm_decline_expired_card', 402, 0],
  ['a 500 after a charge', 'pm_500_after',            500, 1],
])('%s is kept for 24 hours and said again', async (_, token, status, charged) => {
  const first = await aurora.charge(token, {}, 'k');
  expect(first.status).toBe(status);
  expect(first.headers.has('idempotent-replayed')).toBe(false);
  await aurora.pass(DAY_MS - 1);
  const again = await aurora.charge(token, {}, 'k');
  expect(again).toMatchObject({ status, json: first.json });
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(charges()).toBe(charged);
});

test.each(['hang', 'reset_after', 'html', 'truncated'])(
  'the answer that %s lost is there under the same key, and nothing is charged twice',
  async (word) => {
    const body = { ...ORDER, paymentMethod: `pm_${word}` };
    const lost = aurora.send('POST', '/v1/payments', { key: 'k', body });
    lost.catch(() => undefined);
    await until(() => charges() === 1);
    const again = await aurora.charge(`pm_${word}`, {}, 'k');
    expect(again).toMatchObject({ status: 201, json: { ...ORDER, status: 'succeeded' } });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(charges()).toBe(1);
  },
);

test('after 24 hours the same key is a new request: the money moves again', async () => {
  const first = await aurora.charge('pm_ok', {}, 'k');
  await aurora.pass(DAY_MS);
  const second = await aurora.charge('pm_ok', {}, 'k');
  expect(second.status).toBe(201);
  expect(second.headers.has('idempotent-replayed')).toBe(false);
  expect(second.json['id']).not.toBe(first.json['id']);
  expect(charges()).toBe(2);
});

test('a key is good for one body, whichever way the first one ended', async () => {
  for (const token of ['pm_ok', 'pm_decline_expired_card', 'pm_500_after']) {
    await aurora.charge(token, {}, token);
    const other = await aurora.charge(token, { amount: 1251 }, token);
    expect(other).toMatchObject({ status: 422, json: { error: { code: 'key_reused' } } });
  }
  expect(charges()).toBe(2);
});

test('a key is in progress until its answer is on the way', async () => {
  const release = aurora.receiver.hold();
  const first = aurora.charge('pm_webhook_first', {}, 'k');
  await until(() => aurora.receiver.received.length === 1);
  const meanwhile = await aurora.charge('pm_webhook_first', {}, 'k');
  expect(meanwhile).toMatchObject({ status: 409, json: { error: { code: 'key_in_progress' } } });
  const other = await aurora.charge('pm_webhook_first', { amount: 1 }, 'k');
  expect(other.status).toBe(422);
  release();
  expect((await first).status).toBe(201);
  expect((await aurora.charge('pm_webhook_first', {}, 'k')).status).toBe(201);
  expect(charges()).toBe(1);
});

test('ten at once under one key charge once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => aurora.charge('pm_ok', {}, 'k')),
  );
  expect(new Set(answers.map(({ json }) => json['id'])).size).toBe(1);
  expect(answers.filter(({ headers }) => !headers.has('idempotent-replayed'))).toHaveLength(1);
  expect(charges()).toBe(1);
});

test('what is invalid is not kept: the same key may be used well afterwards', async () => {
  expect((await aurora.charge('pm_ok', { amount: 0 }, 'k')).status).toBe(400);
  expect((await aurora.charge('pm_ok', {}, 'k')).status).toBe(201);
});

test('a charge and a refund may use one key, two payments may not', async () => {
  const { json: one } = await aurora.charge('pm_ok', {}, 'k');
  const { json: two } = await aurora.charge('pm_ok', {}, 'l');
  const order = { merchantReference: 'back', amount: 100 };
  expect((await aurora.refund(one['id'], order, 'k')).status).toBe(201);
  const again = await aurora.refund(one['id'], order, 'k');
  expect(again.status).toBe(201);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect((await aurora.refund(one['id'], { ...order, amount: 101 }, 'k')).status).toBe(422);
  expect((await aurora.refund(two['id'], order, 'k')).status).toBe(422);
  expect(aurora.aurora.ledger().refunds).toMatchObject([{ paymentId: one['id'], amount: 100 }]);
});
