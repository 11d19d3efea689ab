import { RunningAurora } from '../../test/running-aurora';

let aurora: RunningAurora;
beforeEach(async () => {
  aurora = await RunningAurora.start();
});
afterEach(() => aurora.stop());

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ask = async (path: string) => (await aurora.ask('GET', path)).json;
const listed = async (path: string) => (await ask(path))['data'] as Record<string, unknown>[];

/** One payment a minute: a, b, c … at 06:00, 06:01, 06:02 … */
async function payments(references: readonly string[]): Promise<void> {
  for (const merchantReference of references) {
    await aurora.charge('pm_ok', { merchantReference });
    await aurora.pass(MINUTE_MS);
  }
}

test('a payment is seen at once, by its id and by our reference', async () => {
  const { json } = await aurora.charge('pm_ok');
  expect(await ask(`/v1/payments/${json['id']}`)).toEqual(json);
  const page = { data: [json], hasMore: false, nextCursor: null };
  expect(await ask('/v1/payments?merchantReference=ref1')).toEqual(page);
});

test('what was declined is seen too', async () => {
  await aurora.charge('pm_decline_expired_card');
  const [payment] = await listed('/v1/payments?merchantReference=ref1');
  expect(payment).toMatchObject({ status: 'failed', failure: { code: 'expired_card' } });
});

test('what is not there is not found', async () => {
  await aurora.charge('pm_ok');
  expect(await aurora.ask('GET', '/v1/payments/pay_0')).toMatchObject({ status: 404 });
  expect(await listed('/v1/payments?merchantReference=ref')).toEqual([]);
  expect(await listed('/v1/refunds?merchantReference=ref1')).toEqual([]);
});

test('enquiry_lag: not found for 30 seconds, whichever way it is asked for', async () => {
  const { json } = await aurora.charge('pm_enquiry_lag');
  const byId = () => aurora.ask('GET', `/v1/payments/${json['id']}`);
  const seen = async () => [
    (await byId()).status,
    (await listed('/v1/payments?merchantReference=ref1')).length,
    (await listed('/v1/payments')).length,
  ];
  expect(await seen()).toEqual([404, 0, 0]);
  await aurora.pass(29_999);
  expect(await seen()).toEqual([404, 0, 0]);
  await aurora.pass(1);
  expect(await seen()).toEqual([200, 1, 1]);
  expect(aurora.aurora.ledger().charges).toHaveLength(1);
});

const at = (time: string) => encodeURIComponent(`2026-01-05T${time}`);
// biome-ignore format: a table
test.each([
  ['all, oldest first',              '',                                                           'abcd'],
  ['from a moment on, included',     `createdFrom=${at('06:01:00Z')}`,                             'bcd'],
  ['just after it',                  `createdFrom=${at('06:01:00.001Z')}`,                         'cd'],
  ['up to a moment, excluded',       `createdTo=${at('06:02:00Z')}`,                               'ab'],
  ['a window',                       `createdFrom=${at('06:01:00Z')}&createdTo=${at('06:03:00Z')}`, 'bc'],
  ['a moment with another offset',   `createdFrom=${at('07:02:00+01:00')}`,                        'cd'],
  ['at most as many as asked for',   'limit=3',                                                    'abc'],
])('the list gives %s', async (_, query, expected) => {
  await payments(['a', 'b', 'c', 'd']);
  const found = await listed(`/v1/payments?${query}`);
  expect(found.map(({ merchantReference }) => merchantReference).join('')).toBe(expected);
});

test('a list is read page by page, and what comes meanwhile is not missed', async () => {
  await payments(['a', 'b', 'c']);
  const first = await ask('/v1/payments?limit=2');
  expect(first).toMatchObject({ hasMore: true, nextCursor: expect.any(String) });
  await payments(['d']);
  const second = await ask(`/v1/payments?limit=2&cursor=${first['nextCursor']}`);
  expect(second).toMatchObject({ hasMore: false, nextCursor: null });
  const both = [first, second].flatMap(({ data }) => data as Record<string, unknown>[]);
  expect(both.map(({ merchantReference }) => merchantReference)).toEqual(['a', 'b', 'c', 'd']);
});

test('a page holds a hundred, also when more are asked for', async () => {
  await Promise.all(Array.from({ length: 101 }, () => aurora.charge('pm_ok')));
  for (const query of ['', '?limit=500']) {
    expect(await listed(`/v1/payments${query}`)).toHaveLength(100);
  }
});

test.each(['payments?createdFrom=yesterday', 'refunds?createdTo=2026-01-05T06:00:00'])(
  '%s is no moment',
  async (path) => expect((await aurora.ask('GET', `/v1/${path}`)).status).toBe(400),
);

test('refunds are listed by time and by our reference', async () => {
  const { json } = await aurora.charge('pm_ok');
  await aurora.refund(json['id'], { merchantReference: 'back1', amount: 100 });
  await aurora.pass(MINUTE_MS);
  await aurora.refund(json['id'], { merchantReference: 'back2', amount: 200 });
  const amounts = async (query: string) =>
    (await listed(`/v1/refunds?${query}`)).map(({ amount }) => amount);
  expect(await amounts('merchantReference=back2')).toEqual([200]);
  expect(await amounts(`createdFrom=${at('06:00:00Z')}`)).toEqual([100, 200]);
  expect(await amounts(`createdFrom=${at('06:01:00Z')}`)).toEqual([200]);
});

test('events are kept for 30 days, and read on from the last one known', async () => {
  await aurora.charge('pm_ok');
  await aurora.pass(DAY_MS);
  await aurora.charge('pm_decline_expired_card');
  const types = async (query = '') => (await listed(`/v1/events${query}`)).map(({ type }) => type);
  expect(await types()).toEqual(['payment.succeeded', 'payment.failed']);
  const [first] = await listed('/v1/events');
  expect(await types(`?after=${first?.['id']}`)).toEqual(['payment.failed']);
  await aurora.pass(29 * DAY_MS);
  expect(await types()).toHaveLength(2);
  await aurora.pass(1);
  expect(await types()).toEqual(['payment.failed']);
});
