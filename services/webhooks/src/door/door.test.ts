import { connect } from 'node:net';
import { addMs } from '@perennial/calendar';
import { type Running, runWebhooks } from '../../test/running-webhooks';
import {
  failed,
  NOW,
  NOW_S,
  newId,
  OTHER_SECRET,
  SECRET,
  type Sending,
  send,
  sign,
  succeeded,
} from '../../test/signed';

let running: Running;
beforeAll(async () => {
  running = await runWebhooks('sqlite::memory:', {
    env: { AURORA_WEBHOOK_SECRETS: `${SECRET},${OTHER_SECRET}@2026-07-03T12:00:01Z` },
  });
});
afterAll(() => running.stop());

const stored = async () => {
  const rows = await running.db.transaction((tx) => tx.select('SELECT id FROM deliveries'));
  return rows.length;
};

describe('what comes in is refused before its body is read', () => {
  test.each<[string, Sending, number]>([
    ['an unknown provider', { path: '/webhooks/nobody' }, 404],
    ['an unknown call of a provider', { path: '/webhooks/aurora/session' }, 404],
    ['another method', { method: 'PUT' }, 405],
    ['no media type', { headers: { 'content-type': null } }, 415],
    ['another media type', { headers: { 'content-type': 'text/plain' } }, 415],
    ['two media types', { headers: { 'content-type': ['application/json', 'text/plain'] } }, 415],
    ['utf-16', { headers: { 'content-type': 'application/json; charset=utf-16' } }, 415],
    ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, 415],
  ])('%s', async (_name, sending, status) => {
    const before = await stored();
    const answer = await send(running.url, succeeded(), sending);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    if (status === 405) expect(answer.headers['allow']).toBe('POST');
    expect(await stored()).toBe(before);
  });

  test.each([
    ['declared', {}],
    ['chunked', { 'transfer-encoding': 'chunked' }],
  ])('a body that is too long, %s', async (_name, headers) => {
    const answer = await send(running.url, Buffer.alloc(262_145, 32), { headers });
    expect([answer.status, answer.headers['connection']]).toEqual([413, 'close']);
  });
});

describe('what is not authentic gets one answer, and nothing is stored', () => {
  const body = succeeded();
  const bytes = Buffer.from(JSON.stringify(body));
  const good = sign(body.id, NOW_S, bytes);
  const header = (name: string, value: string | string[] | null): Sending => ({
    headers: { [`webhook-${name}`]: value },
  });
  test.each<[string, Sending]>([
    ['no signature', header('signature', null)],
    ['an empty signature', header('signature', '')],
    ['a signature twice', header('signature', [good, good])],
    ['half a signature', header('signature', good.slice(0, 20))],
    ['not base64', header('signature', 'v1,!!!!')],
    ['not ASCII', header('signature', 'v1,é')],
    ['another version', header('signature', good.replace('v1', 'v2'))],
    ['another secret', { secret: `whsec_${Buffer.alloc(24, 9).toString('base64')}` }],
    ['another id', header('id', 'evt_other')],
    ['another timestamp', header('timestamp', String(NOW_S + 1))],
    ['301 s old', { timestamp: NOW_S - 301 }],
    ['301 s ahead', { timestamp: NOW_S + 301 }],
    ['far ahead', { timestamp: '99999999999' }],
    ['milliseconds', { timestamp: Date.parse(NOW) }],
    ['a leading zero', { timestamp: `0${NOW_S}` }],
    ['an exponent', { timestamp: '1e9' }],
    ['a fraction', { timestamp: `${NOW_S}.0` }],
  ])('%s', async (_name, sending) => {
    const before = await stored();
    const answer = await send(running.url, body, sending);
    const { requestId, ...said } = answer.body;
    expect(requestId).toEqual(expect.any(String));
    expect(said).toEqual({
      type: 'https://perennial.dev/problems/not-authentic',
      title: 'Unauthorized',
      status: 401,
      code: 'not-authentic',
      detail: 'The request is not authentic.',
    });
    expect(await stored()).toBe(before);
  });
});

describe('what is authentic is taken', () => {
  test.each<[string, Sending]>([
    ['now', {}],
    ['300 s old', { timestamp: NOW_S - 300 }],
    ['300 s ahead', { timestamp: NOW_S + 300 }],
    ['the previous secret in its overlap', { secret: OTHER_SECRET }],
    [
      'a media type with charset',
      { headers: { 'content-type': 'application/json; charset=UTF-8' } },
    ],
  ])('%s', async (_name, sending) => {
    const answer = await send(running.url, succeeded(), sending);
    expect([answer.status, answer.body]).toEqual([202, { status: 'accepted' }]);
  });

  test('a good signature among bad ones', async () => {
    const body = succeeded();
    const good = sign(body.id, NOW_S, Buffer.from(JSON.stringify(body)));
    const headers = { 'webhook-signature': `v2,x v1,AAAA ${good}` };
    expect((await send(running.url, body, { headers })).status).toBe(202);
  });
});

test.each([
  ['in pieces of unknown length', { 'transfer-encoding': 'chunked' }],
  ['after asking first', { expect: '100-continue' }],
  ['with a forged address', { 'x-forwarded-for': '10.0.0.1' }],
])('what is sent %s is taken', async (_name, headers) => {
  expect((await send(running.url, succeeded(), { headers })).status).toBe(202);
});

test('who is gone before the end leaves nothing behind', async () => {
  const before = await stored();
  const headers = { 'content-length': '1000' };
  const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
  const head = { host: 'x', 'content-type': 'application/json', ...headers };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  socket.write(`POST /webhooks/aurora HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n{"id":`);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.destroy();
  expect((await send(running.url, succeeded())).status).toBe(202);
  expect(await stored()).toBe(before + 1);
});

const json = (text: string) => Buffer.from(text);
const changed = (data: object) => succeeded(newId(), data);

describe('what is authentic but unusable lies in quarantine', () => {
  test.each<[string, Buffer | object, number]>([
    ['empty', json(''), 400],
    ['no JSON', json('hello'), 400],
    ['trailing text', json('{} {}'), 400],
    ['NaN', json('{"a":NaN}'), 400],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400],
    ['a byte order mark', Buffer.from('\uFEFF{}'), 400],
    ['33 levels', json('['.repeat(33) + ']'.repeat(33)), 400],
    ['__proto__', json('{"__proto__":{}}'), 400],
    ['constructor, escaped', json('{"\\u0063onstructor":1}'), 400],
    ['a key twice', json('{"a":1,"\\u0061":2}'), 400],
    ['U+0000', json('{"a":"\\u0000"}'), 422],
    ['half a surrogate pair', json('{"a":"\\ud800"}'), 422],
    ['an array', json('[]'), 422],
    ['null', json('null'), 422],
    ['32 levels', json('['.repeat(32) + ']'.repeat(32)), 422],
    ["an id that is not the header's", json(JSON.stringify(succeeded('evt_elsewhere'))), 422],
    ['a missing field', changed({ paymentId: undefined }), 422],
    ['a null field', changed({ currency: null }), 422],
    ['an id that is not ASCII', changed({ paymentId: 'pay_é' }), 422],
    ['an outcome against its type', changed({ status: 'failed' }), 422],
    ['a failure in a success', changed({ failure: { code: 'x', message: 'y' } }), 422],
    ['an amount of 10.10', changed({ amount: 10.1 }), 422],
    ['an amount in a text', changed({ amount: '100' }), 422],
    ['an amount of true', changed({ amount: true }), 422],
    ['a negative amount', changed({ amount: -1 }), 422],
    ['no amount at all', changed({ amount: 0 }), 422],
    [
      'an amount beyond all numbers',
      json(JSON.stringify(succeeded('evt_raw')).replace('1250', '1e400')),
      422,
    ],
    [
      'an amount beyond safe integers',
      json(JSON.stringify(succeeded('evt_raw')).replace('1250', '9007199254740993')),
      422,
    ],
    ['no currency of this world', changed({ currency: 'ABC' }), 422],
    ['an impossible date', { ...succeeded(), createdAt: '2026-02-30T00:00:00Z' }, 422],
  ])('%s', async (_name, body, status) => {
    const before = running.told.length;
    const answer = await send(running.url, body);
    expect(answer.status).toBe(status);
    expect(answer.body.errors[0]).toEqual({
      pointer: expect.any(String),
      code: expect.any(String),
      message: expect.any(String),
    });
    expect(running.told.length).toBe(before);
    const { body: list } = await running.call('GET', '/deliveries?status=quarantined&limit=1');
    expect(list.data[0]).toMatchObject({ provider: 'aurora', publishedAt: null, replays: 0 });
  });

  test('each field of a payment is required', async () => {
    for (const field of Object.keys(succeeded().data)) {
      const { status, body } = await send(running.url, changed({ [field]: undefined }));
      expect([field, status, body.errors[0].pointer]).toEqual([field, 422, `/data/${field}`]);
    }
  });
});

describe('what is kept and ignored', () => {
  test.each(['ping', 'payment.disputed'])('%s', async (type) => {
    const body = { ...succeeded(), type, data: {} };
    const first = await send(running.url, body);
    expect([first.status, first.body]).toEqual([200, { status: 'ignored' }]);
    expect((await send(running.url, body)).body).toEqual({ status: 'duplicate' });
  });
});

test('a secret whose end has come counts no longer', async () => {
  await running.clock.set(addMs(running.clock.now(), 1000));
  expect((await send(running.url, succeeded(), { secret: OTHER_SECRET })).status).toBe(401);
  expect((await send(running.url, succeeded())).status).toBe(202);
});

test('a card-like number is masked in quarantine and in no log line', async () => {
  const pan = '4111 1111 1111 1111';
  await send(
    running.url,
    failed(newId(), 'x', { amount: -1, failure: { code: pan, message: pan } }),
  );
  await send(running.url, failed(newId(), pan));
  const rows = await running.db.transaction((tx) => tx.select('SELECT * FROM deliveries'));
  const quarantined = rows.filter(({ status }) => status === 'quarantined');
  const bodies = quarantined.map(({ body }) => Buffer.from(String(body), 'base64').toString());
  expect(bodies.join()).toContain('**** **** **** ****');
  expect(bodies.join()).not.toContain(pan);
  expect(running.logged.join()).not.toContain(pan);
  expect(running.told.at(-1)?.data).toMatchObject({
    reason: 'unknown',
    rawReason: '**** **** **** ****',
  });
});

test('what cannot be stored is told to be sent again, and then is no duplicate', async () => {
  const body = succeeded();
  running.settings.breakStore = true;
  const refused = await send(running.url, body);
  running.settings.breakStore = false;
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '10']);
  expect((await send(running.url, body)).status).toBe(202);
});

test('too many failures from one address are slowed down, authentic traffic never', async () => {
  const forged = { headers: { 'webhook-signature': 'v1,AAAA' } };
  let answer = await send(running.url, succeeded(), forged);
  for (let n = 0; n < 300; n += 1) answer = await send(running.url, succeeded(), forged);
  expect([answer.status, Number(answer.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
  expect((await send(running.url, succeeded())).status).toBe(202);
  await running.clock.set(addMs(running.clock.now(), 61_000));
  expect((await send(running.url, succeeded(), forged)).status).toBe(401);
});
