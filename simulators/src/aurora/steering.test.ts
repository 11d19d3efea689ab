import { ORDER, RunningAurora } from '../../test/running-aurora';

let aurora: RunningAurora;
beforeEach(async () => {
  aurora = await RunningAurora.start();
});
afterEach(() => aurora.stop());

const sim = (call: string, body: object) => aurora.ask('POST', `/_sim/${call}`, { body });
const told = () => aurora.receiver.received.map(({ event }) => event);

test.each([
  ['pm_ok', 'expired', 1],
  ['pm_ok', 'cancelled', 1],
  ['pm_no_webhook', 'expired', 1],
  ['pm_dup_webhook', 'expired', 3],
])('card-unavailable tells that %s is %s, %i times', async (paymentMethod, cause, times) => {
  const { status, json } = await sim('card-unavailable', { paymentMethod, cause });
  expect(status).toBe(202);
  await aurora.pass(0);
  const data = { paymentMethod, cause };
  const event = { id: json['id'], type: 'card.unavailable', livemode: false, data };
  expect(told()).toMatchObject(Array.from({ length: times }, () => event));
});

test.each([
  ['our reference', () => 'ref1'],
  ["Aurora's id", (id: unknown) => id],
])('refund takes %s, and is a refund that we did not start', async (_, referenceOf) => {
  const { json: payment } = await aurora.charge('pm_ok');
  const order = { reference: referenceOf(payment['id']), amount: 250, reason: 'fraudulent' };
  const refund = { paymentId: payment['id'], merchantReference: null, amount: 250 };
  expect(await sim('refund', order)).toMatchObject({ status: 201, json: refund });
  await aurora.pass(0);
  const { amount, reason } = order;
  expect(told().at(-1)).toMatchObject({
    type: 'refund.succeeded',
    data: { paymentId: payment['id'], merchantReference: null, amount, reason },
  });
  expect(aurora.aurora.ledger().refunds).toMatchObject([refund]);
});

test('refund without an amount gives back all that is left', async () => {
  const { json } = await aurora.charge('pm_ok');
  await aurora.refund(json['id'], { amount: 1000 });
  const answer = await sim('refund', { reference: 'ref1', reason: 'duplicate' });
  expect(answer).toMatchObject({ status: 201, json: { amount: 250 } });
});

test('what is done in the dashboard with a card of dup_webhook is told three times', async () => {
  await aurora.charge('pm_dup_webhook');
  await sim('refund', { reference: 'ref1', reason: 'duplicate' });
  await aurora.pass(0);
  expect(told().filter(({ type }) => type === 'refund.succeeded')).toHaveLength(3);
});

// biome-ignore format: a table
test.each([
  ['card-unavailable', { paymentMethod: 'pm_ok', cause: 'eaten' },                   400],
  ['card-unavailable', { cause: 'expired' },                                         400],
  ['refund',           { reference: 'ref1', amount: 1251, reason: 'duplicate' },     400],
  ['refund',           { reference: 'ref1', amount: 0, reason: 'duplicate' },        400],
  ['refund',           { reference: 'nobody', reason: 'duplicate' },                 404],
  ['faults',           { seed: 1, rates: { '500_after': 2 } },                       400],
  ['faults',           { seed: 1, rates: { earthquake: 1 } },                        400],
  ['faults',           { rates: {} },                                                400],
])('%s refuses %j', async (call, body, status) => {
  await aurora.charge('pm_ok');
  expect((await sim(call, body)).status).toBe(status);
});

async function statuses(seed: number, rates: object): Promise<number[]> {
  await sim('reset', {});
  expect((await sim('faults', { seed, rates })).status).toBe(204);
  const answers = [];
  for (let count = 0; count < 30; count += 1) {
    answers.push((await aurora.charge(`pm_${count}`)).status);
  }
  return answers;
}

test('faults strike at random, and the same way again under the same seed', async () => {
  const rates = { '500_after': 0.2, '503_before': 0.2, '429': 0.2 };
  const first = await statuses(7, rates);
  expect(new Set(first)).toEqual(new Set([201, 500, 503, 429]));
  const charged = first.filter((status) => status < 503 && status !== 429);
  expect(aurora.aurora.ledger().charges).toHaveLength(charged.length);
  expect(await statuses(7, rates)).toEqual(first);
  expect(await statuses(8, rates)).not.toEqual(first);
});

test('a rate of one strikes always, of none never; 429 says how long to wait', async () => {
  expect(new Set(await statuses(1, { '503_before': 1 }))).toEqual(new Set([503]));
  expect(new Set(await statuses(1, { '503_before': 0 }))).toEqual(new Set([201]));
  await sim('faults', { seed: 1, rates: { '429': 1 } });
  const answer = await aurora.charge('pm_ok');
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('2');
});

test('faults of webhooks strike too', async () => {
  await sim('faults', { seed: 1, rates: { dup_webhook: 1 } });
  await aurora.charge('pm_ok');
  await aurora.pass(0);
  expect(told()).toHaveLength(3);
  await sim('faults', { seed: 1, rates: { no_webhook: 1 } });
  await aurora.charge('pm_ok');
  await aurora.pass(0);
  expect(told()).toHaveLength(3);
});

test('requests shows what we sent, without our key', async () => {
  await aurora.charge('pm_ok', {}, 'k');
  await aurora.ask('GET', '/v1/payments?merchantReference=ref1');
  const { json } = await aurora.ask('GET', '/_sim/requests');
  const at = '2026-01-05T06:00:00.000Z';
  const order = { ...ORDER, paymentMethod: 'pm_ok' };
  const path = '/v1/payments?merchantReference=ref1';
  expect(json['data']).toEqual([
    { method: 'POST', path: '/v1/payments', idempotencyKey: 'k', body: order, at },
    { method: 'GET', path, idempotencyKey: null, at },
  ]);
});

test('ledger shows the money that moved, and no other', async () => {
  const { json: payment } = await aurora.charge('pm_500_after', {}, 'k');
  await aurora.charge('pm_500_after', {}, 'k');
  await aurora.charge('pm_decline_expired_card');
  await aurora.charge('pm_pending_ok');
  const { json: paid } = await aurora.charge('pm_ok');
  await aurora.refund(paid['id'], { amount: 250 });
  await aurora.refund(paid['id'], { amount: 1250 });
  const { json } = await aurora.ask('GET', '/_sim/ledger');
  expect(payment).toEqual({ error: { type: 'api_error' } });
  expect(json).toMatchObject({
    charges: [{ paymentMethod: 'pm_500_after' }, { ...ORDER, id: paid['id'] }],
    refunds: [{ paymentId: paid['id'], amount: 250 }],
  });
});

test('a second charge that slips in is in the ledger, and nobody is told', async () => {
  expect(() => aurora.aurora.slipSecondCharge()).toThrow('nothing has been charged');
  const { json } = await aurora.charge('pm_ok');
  await aurora.pass(0);
  const slipped = aurora.aurora.slipSecondCharge();
  await aurora.pass(0);
  expect(slipped).toMatchObject({ ...ORDER, paymentMethod: 'pm_ok' });
  expect(slipped.id).not.toBe(json['id']);
  expect(aurora.aurora.ledger().charges.map(({ id }) => id)).toEqual([json['id'], slipped.id]);
  expect(told()).toHaveLength(1);
  const listed = await aurora.ask('GET', '/v1/payments');
  expect(listed.json).toMatchObject({ data: [{ id: json['id'] }], hasMore: false });
});

test('reset forgets everything but the ids that were given', async () => {
  aurora.receiver.answer = 500;
  const before = await aurora.charge('pm_decline1_funds', {}, 'k');
  const paid = await aurora.charge('pm_503_before', {}, 'l');
  await aurora.charge('pm_pending_ok');
  await aurora.refund((await aurora.charge('pm_ok')).json['id']);
  aurora.aurora.slipSecondCharge();
  await aurora.pass(0);
  await sim('faults', { seed: 1, rates: { '429': 1 } });
  expect((await sim('reset', {})).status).toBe(204);
  const count = aurora.receiver.received.length;
  await aurora.pass(3_600_000);
  expect(aurora.receiver.received).toHaveLength(count);
  expect(aurora.aurora.ledger()).toEqual({ charges: [], refunds: [] });
  for (const list of ['/v1/payments', '/v1/refunds', '/v1/events']) {
    expect((await aurora.ask('GET', list)).json['data']).toEqual([]);
  }
  const after = await aurora.charge('pm_decline1_funds', {}, 'k');
  expect(after.status).toBe(402);
  expect(after.headers.has('idempotent-replayed')).toBe(false);
  expect(after.json).not.toEqual(before.json);
  expect((await aurora.charge('pm_503_before')).status).toBe(paid.status);
});
