import { ORDER, RunningAurora } from '../../test/running-aurora';

let aurora: RunningAurora;
beforeEach(async () => {
  aurora = await RunningAurora.start();
});
afterEach(() => aurora.stop());

const paying = (paymentMethod: string, key = 'k') => ({ key, body: { ...ORDER, paymentMethod } });
const pay = (token: string, key?: string) =>
  aurora.send('POST', '/v1/payments', paying(token, key));

async function textOf(token: string): Promise<string> {
  try {
    const response = await pay(token);
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
])('%s: the answer is lost, the money is not', async (word, expected) => {
  expect(await textOf(`pm_${word}_1`)).toMatch(expected);
  expect(aurora.aurora.ledger().charges).toMatchObject([ORDER]);
  const found = await aurora.ask('GET', '/v1/payments?merchantReference=ref1');
  expect(found.json).toMatchObject({ data: [{ status: 'succeeded' }] });
});

test('hang: charged, and no answer ever comes', async () => {
  const silence = Symbol();
  const answer = pay('pm_hang').catch(() => 'closed');
  const wait = new Promise((resolve) => setTimeout(resolve, 300, silence));
  expect(await Promise.race([answer, wait])).toBe(silence);
  expect(aurora.aurora.ledger().charges).toHaveLength(1);
});

test('truncated: half of the body had come by then', async () => {
  const { status, body, headers } = await pay('pm_truncated');
  const first = await body?.getReader().read();
  const got = first?.value?.length ?? 0;
  expect(status).toBe(201);
  expect(got).toBeGreaterThan(0);
  expect(got).toBeLessThan(Number(headers.get('content-length')));
});

test('slow: one byte after the other', async () => {
  const reader = (await pay('pm_slow')).body?.getReader();
  const pieces: string[] = [];
  for (let piece = 0; piece < 3; piece += 1) {
    pieces.push(Buffer.from((await reader?.read())?.value ?? []).toString());
  }
  await reader?.cancel();
  const text = pieces.join('');
  expect(text.length).toBeLessThan(50);
  expect(`{"merchantReference":"ref1","amount":1250,"currency":"GBP"`).toContain(text);
  expect(aurora.aurora.ledger().charges).toHaveLength(1);
});

test('503_before: turned away once, without any work and without keeping the key', async () => {
  const first = await aurora.charge('pm_503_before', {}, 'k');
  expect(first).toMatchObject({ status: 503, json: { error: { type: 'api_error' } } });
  expect(aurora.aurora.ledger().charges).toEqual([]);
  const found = await aurora.ask('GET', '/v1/payments?merchantReference=ref1');
  expect(found.json).toMatchObject({ data: [] });
  const second = await aurora.charge('pm_503_before', {}, 'k');
  expect(second.status).toBe(201);
  expect(second.headers.has('idempotent-replayed')).toBe(false);
  expect(aurora.aurora.ledger().charges).toHaveLength(1);
});

test('a charge that was turned away does not count among those that are declined', async () => {
  const statuses = [];
  for (let call = 0; call < 3; call += 1) {
    statuses.push((await aurora.charge('pm_503_before_decline1_funds')).status);
  }
  expect(statuses).toEqual([503, 402, 201]);
});

test.each([
  ['pm_webhook_first', 1],
  ['pm_ok', 0],
])('%s: %i webhooks come before the answer', async (token, before) => {
  expect((await aurora.charge(token)).status).toBe(201);
  expect(aurora.receiver.received).toHaveLength(before);
  await aurora.pass(0);
  expect(aurora.receiver.received).toHaveLength(1);
});

test.each([
  ['pm_no_webhook', 0],
  ['pm_dup_webhook', 3],
  ['pm_dup_webhook_decline_expired_card', 3],
])('%s: %i webhooks come, with one id', async (token, times) => {
  await aurora.charge(token);
  await aurora.pass(0);
  const ids = aurora.receiver.received.map(({ event }) => event.id);
  expect(ids).toHaveLength(times);
  expect(new Set(ids).size).toBe(Math.min(times, 1));
  const { json } = await aurora.ask('GET', '/v1/events');
  expect(json).toMatchObject({ data: [{ data: { merchantReference: 'ref1' } }] });
});
