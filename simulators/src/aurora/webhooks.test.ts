import { signatureOf } from '../../test/receiver';
import { RunningAurora, SECRET } from '../../test/running-aurora';

let aurora: RunningAurora;
beforeEach(async () => {
  aurora = await RunningAurora.start();
});
afterEach(() => aurora.stop());

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

test('signatures are made as Standard Webhooks publishes them', () => {
  const published = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    text: '{"test": 2432232314}',
  };
  expect(signatureOf(SECRET, published)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('what is sent carries its id, its time in seconds and a signature over its bytes', async () => {
  await aurora.charge('pm_ok', { merchantReference: 'Zoë' });
  await aurora.pass(2 * SECOND_MS);
  const [{ headers, text, event } = {}] = aurora.receiver.received;
  const timestamp = String(Date.parse('2026-01-05T06:00:02Z') / 1000);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': event?.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf(SECRET, {
      id: event?.id ?? '',
      timestamp,
      text: text ?? '',
    }),
  });
});

const facts = {
  paymentId: expect.stringMatching(/^pay_/),
  merchantReference: 'ref1',
  amount: 1250,
  currency: 'GBP',
};
const failure = { code: 'expired_card', message: expect.any(String) };
// biome-ignore format: a table
test.each([
  ['pm_ok',                   'payment.succeeded', { ...facts, status: 'succeeded', sequence: 2 }],
  ['pm_decline_expired_card', 'payment.failed',    { ...facts, status: 'failed', failure, sequence: 2 }],
])('%s is told as %s', async (token, type, data) => {
  await aurora.charge(token);
  await aurora.pass(0);
  expect(aurora.receiver.received.map(({ event }) => event)).toEqual([
    {
      id: expect.stringMatching(/^evt_/),
      createdAt: '2026-01-05T06:00:00.000Z',
      livemode: false,
      ...{ type, data },
    },
  ]);
});

test.each([
  ['pm_ok', 1],
  ['pm_dup_webhook', 3],
])('a refund of %s is told under its own reference: %i times', async (token, times) => {
  const { json } = await aurora.charge(token);
  await aurora.pass(0);
  aurora.receiver.received.length = 0;
  const order = { merchantReference: 'back', amount: 250, reason: 'fraudulent' };
  const refund = await aurora.refund(json['id'], order);
  await aurora.pass(0);
  const events = aurora.receiver.received.map(({ event }) => event);
  const data = { ...facts, ...order, refundId: refund.json['id'], sequence: 3 };
  expect(events).toHaveLength(times);
  expect(events[0]).toMatchObject({ type: 'refund.succeeded', livemode: false });
  expect(events[0]?.data).toEqual(data);
});

test.each([200, 201, 202, 204, 299])('%i ends delivery', async (status) => {
  aurora.receiver.answer = status;
  await aurora.charge('pm_ok');
  await aurora.pass(0);
  await aurora.pass(100 * HOUR_MS);
  expect(aurora.receiver.received).toHaveLength(1);
});

test.each([302, 400, 401, 404, 410, 422, 429, 500, 503, 'reset'] as const)(
  '%s does not: it is sent again after five seconds',
  async (answer) => {
    aurora.receiver.answer = answer;
    await aurora.charge('pm_ok');
    await aurora.pass(0);
    aurora.receiver.answer = 200;
    await aurora.pass(5 * SECOND_MS - 1);
    expect(aurora.receiver.received).toHaveLength(1);
    await aurora.pass(1);
    await aurora.pass(100 * HOUR_MS);
    expect(aurora.receiver.received).toHaveLength(2);
  },
);

test('it is tried eight times in growing distances, each with a fresh time and the same id', async () => {
  aurora.receiver.answer = 500;
  await aurora.charge('pm_ok');
  await aurora.pass(0);
  const { received } = aurora.receiver;
  // biome-ignore format: a table
  const waits = [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS];
  for (const [index, wait] of waits.entries()) {
    await aurora.pass(wait - 1);
    expect(received).toHaveLength(index + 1);
    await aurora.pass(1);
    expect(received).toHaveLength(index + 2);
  }
  await aurora.pass(100 * HOUR_MS);
  expect(received).toHaveLength(8);
  expect(new Set(received.map(({ event }) => event.id)).size).toBe(1);
  const stamps = received.map(({ headers }) => Number(headers['webhook-timestamp']));
  const distances = stamps.slice(1).map((stamp, index) => stamp - (stamps[index] ?? 0));
  expect(distances).toEqual(waits.map((wait) => wait / SECOND_MS));
  for (const { headers, text, event } of received) {
    const timestamp = String(headers['webhook-timestamp']);
    const signature = signatureOf(SECRET, { id: event.id, timestamp, text });
    expect(headers['webhook-signature']).toBe(signature);
  }
});

test('one that nobody takes does not hold up the others', async () => {
  aurora.receiver.answer = 500;
  await aurora.charge('pm_ok', { merchantReference: 'first' });
  await aurora.pass(0);
  aurora.receiver.answer = 200;
  await aurora.charge('pm_ok', { merchantReference: 'second' });
  await aurora.pass(0);
  const told = aurora.receiver.received.map(({ event }) => event.data);
  expect(told).toMatchObject([{ merchantReference: 'first' }, { merchantReference: 'second' }]);
});

test('the timer knows when something falls due', async () => {
  const { timer } = aurora.aurora;
  expect(await timer.nextAt()).toBeNull();
  await aurora.charge('pm_pending_ok');
  expect(await timer.nextAt()).toBe('2026-01-05T06:05:00.000Z');
  aurora.receiver.answer = 500;
  await aurora.charge('pm_ok');
  expect(await timer.nextAt()).toBe('2026-01-05T06:00:00.000Z');
  await aurora.pass(0);
  expect(await timer.nextAt()).toBe('2026-01-05T06:00:05.000Z');
  await aurora.charge('pm_ok');
  await aurora.pass(2 * SECOND_MS);
  expect(await timer.nextAt()).toBe('2026-01-05T06:00:05.000Z');
});
