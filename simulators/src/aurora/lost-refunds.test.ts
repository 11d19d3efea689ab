import { until } from '@perennial/testing';
import { RunningAurora } from '../../test/running-aurora';

let aurora: RunningAurora;
beforeEach(async () => {
  aurora = await RunningAurora.start();
});
afterEach(() => aurora.stop());

const MINUTE_MS = 60_000;
const BACK = { merchantReference: 'back', amount: 250, reason: 'duplicate' };
const ledger = () => aurora.aurora.ledger().refunds;
const told = () =>
  aurora.receiver.received
    .map(({ event }) => event.type)
    .filter((type) => type !== 'payment.succeeded');
const listed = async () =>
  (await aurora.ask('GET', '/v1/refunds?merchantReference=back')).json['data'] as object[];

/** A word behind `refund_` is about refunds: the charge goes well. */
async function charged(token: string): Promise<unknown> {
  const { status, json } = await aurora.charge(token);
  expect(status).toBe(201);
  return json['id'];
}

async function saidOf(token: string): Promise<string> {
  const path = `/v1/payments/${await charged(token)}/refunds`;
  try {
    const response = await aurora.send('POST', path, { key: 'k', body: BACK });
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return cause?.code ?? String(error);
  }
}

test.each([
  ['reset_after', /^ECONNRESET$|^UND_ERR_SOCKET$/],
  ['500_after', /^500 \{"error":\{"type":"api_error"\}\}$/],
  ['html', /^200 <html>/],
  ['truncated', /^ECONNRESET$|^UND_ERR_SOCKET$/],
])('refund_%s: the answer is lost, the money went back', async (word, expected) => {
  expect(await saidOf(`pm_ok_refund_${word}_7`)).toMatch(expected);
  expect(ledger()).toMatchObject([BACK]);
  expect(await listed()).toMatchObject([{ ...BACK, status: 'succeeded' }]);
});

test('refund_hang: the answer never comes, and is there under the same key', async () => {
  const paymentId = await charged('pm_ok_refund_hang');
  const path = `/v1/payments/${paymentId}/refunds`;
  const lost = aurora.send('POST', path, { key: 'k', body: BACK }).catch(() => 'closed');
  await until(() => ledger().length === 1);
  const again = await aurora.ask('POST', path, { key: 'k', body: BACK });
  expect(again).toMatchObject({ status: 201, json: BACK });
  expect(ledger()).toHaveLength(1);
  await aurora.stop();
  expect(await lost).toBe('closed');
});

test('refund_500_after: the 500 is kept under the key', async () => {
  const paymentId = await charged('pm_ok_refund_500_after');
  expect((await aurora.refund(paymentId, BACK, 'k')).status).toBe(500);
  const again = await aurora.refund(paymentId, BACK, 'k');
  expect(again.status).toBe(500);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(ledger()).toHaveLength(1);
});

test('refund_503_before: turned away once, without any work and without keeping the key', async () => {
  const paymentId = await charged('pm_ok_refund_503_before');
  expect((await aurora.refund(paymentId, BACK, 'k')).status).toBe(503);
  expect(ledger()).toEqual([]);
  const again = await aurora.refund(paymentId, BACK, 'k');
  expect(again.status).toBe(201);
  expect(again.headers.has('idempotent-replayed')).toBe(false);
});

// biome-ignore format: a table
test.each([
  ['pm_ok_refund_pending',      'succeeded', 'refund.succeeded', 250],
  ['pm_ok_refund_pending_fail', 'failed',    'refund.failed',    0],
])('%s: %s five minutes later, and then told', async (token, status, type, refunded) => {
  const paymentId = await charged(token);
  const accepted = await aurora.refund(paymentId, BACK, 'k');
  expect(accepted).toMatchObject({ status: 201, json: { ...BACK, status: 'pending' } });
  await aurora.pass(5 * MINUTE_MS - 1);
  expect(await listed()).toMatchObject([{ status: 'pending' }]);
  expect(ledger()).toEqual([]);
  expect(told()).toEqual([]);
  await aurora.pass(1);
  expect(await listed()).toMatchObject([{ status }]);
  expect(told()).toEqual([type]);
  expect(ledger()).toHaveLength(refunded === 0 ? 0 : 1);
  const { json } = await aurora.ask('GET', `/v1/payments/${paymentId}`);
  expect(json).toMatchObject({ amountRefunded: refunded, sequence: 3 });
  expect((await aurora.refund(paymentId, BACK, 'k')).json).toEqual(accepted.json);
});

test('what is on its way back cannot go back a second time', async () => {
  const paymentId = await charged('pm_ok_refund_pending_fail');
  expect((await aurora.refund(paymentId, { amount: 1250 })).status).toBe(201);
  expect((await aurora.refund(paymentId, { amount: 1 })).status).toBe(409);
  await aurora.pass(5 * MINUTE_MS);
  expect((await aurora.refund(paymentId, { amount: 1 })).status).toBe(201);
});

test('refund_fail: failed at once', async () => {
  const paymentId = await charged('pm_ok_refund_fail');
  expect(await aurora.refund(paymentId)).toMatchObject({ status: 201, json: { status: 'failed' } });
  expect(ledger()).toEqual([]);
});

// biome-ignore format: a table
test.each([
  ['pm_ok_refund_no_webhook',    0, 0],
  ['pm_ok_refund_webhook_first', 1, 1],
  ['pm_ok_refund_dup_webhook',   0, 3],
])('%s: %i webhooks before the answer, %i in all', async (token, before, all) => {
  await aurora.refund(await charged(token));
  expect(told()).toHaveLength(before);
  await aurora.pass(0);
  expect(told()).toHaveLength(all);
});

test('refund_enquiry_lag: a refund is not shown for 30 seconds, the charge at once', async () => {
  const paymentId = await charged('pm_ok_refund_enquiry_lag');
  await aurora.refund(paymentId, BACK);
  expect((await aurora.ask('GET', `/v1/payments/${paymentId}`)).status).toBe(200);
  await aurora.pass(29_999);
  expect(await listed()).toEqual([]);
  await aurora.pass(1);
  expect(await listed()).toHaveLength(1);
});

test('random faults strike refunds too', async () => {
  const paymentId = await charged('pm_ok');
  aurora.aurora.setFaults(1, { '429': 1 });
  const refused = await aurora.refund(paymentId, BACK, 'k');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('2');
  aurora.aurora.setFaults(1, { '500_after': 1 });
  expect((await aurora.refund(paymentId, BACK, 'k')).status).toBe(500);
  expect(ledger()).toHaveLength(1);
});
