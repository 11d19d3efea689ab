import {
  askSession,
  batchOf,
  cardDead,
  chargeFail,
  chargeOk,
  deliver,
  logIn,
  newNumber,
} from '../../../test/bank';
import { type Running, runWebhooks } from '../../../test/running-webhooks';
import { send, succeeded } from '../../../test/signed';

let running: Running;
let token: string;
beforeEach(async () => {
  running = await runWebhooks();
  token = await logIn(running.url);
});
const further: Running[] = [];
afterEach(async () => {
  for (const one of [...further.splice(0), running]) await one.stop();
});

const tell = (body: object | Buffer, from = {}) => deliver(running.url, token, body, from);
const list = async (query = '') => (await running.call('GET', `/deliveries${query}`)).body.data;
const json = (text: string) => Buffer.from(text);
const eventIds = () => running.told.map(({ data }) => ('eventId' in data ? data.eventId : null));

test('a batch is acknowledged in its own form, and each item is told and found', async () => {
  const items = [chargeOk(), chargeFail(), cardDead('C')];
  const batch = batchOf(items);
  const { status, body } = await tell(batch);
  expect([status, body]).toEqual([200, { rc: '00', batchNo: batch.batchNo }]);
  expect(eventIds()).toEqual(items.map(({ evNo }) => String(evNo)));
  expect(running.told[0]?.cause).toMatchObject({ actor: 'provider:borealis' });
  expect(await list('?provider=borealis&type=CARD_DEAD')).toMatchObject([
    { eventId: String(items[2]?.evNo), reference: 'ct_1', reason: null },
  ]);
});

test.each([17, '17', '0017', 0, 9007199254740991])(
  'the batch %j is acknowledged as it came',
  async (batchNo) => {
    const { body } = await tell(batchOf([chargeOk()], { batchNo }));
    expect(body).toEqual({ rc: '00', batchNo });
  },
);

test('an empty batch is acknowledged, and nothing is kept', async () => {
  const { status, body } = await tell(batchOf([], { batchNo: 5 }));
  expect([status, body]).toEqual([200, { rc: '00', batchNo: 5 }]);
  expect(await list()).toEqual([]);
});

test('the same batch again is acknowledged, and its events are told once', async () => {
  const batch = batchOf([chargeOk(), chargeOk()]);
  for (let n = 0; n < 3; n += 1) expect((await tell({ ...batch, sentTs: n })).status).toBe(200);
  expect([running.told.length, (await list()).length]).toEqual([2, 2]);
});

test('an event that comes in two batches, or twice in one, is told once', async () => {
  const item = chargeOk({ evNo: 71 });
  await tell(batchOf([item, item, chargeOk()]));
  await tell(batchOf([{ ...item, evNo: '71' }, chargeOk()]));
  expect(eventIds().filter((id) => id === '71')).toHaveLength(1);
  expect([running.told.length, (await list('?status=quarantined')).length]).toEqual([3, 0]);
});

test('numbers longer than JavaScript holds are told apart, to their last digit', async () => {
  const longs = ['9007199254740992', '9007199254740993', '12345678901234567890'];
  const text = JSON.stringify(batchOf(longs.map((evNo) => chargeOk({ evNo }))));
  const bare = text
    .replace(/"evNo":"(\d+)"/g, '"evNo":$1')
    .replace(/"batchNo":\d+/, `"batchNo":${longs[1]}`);
  const { body } = await tell(json(bare));
  expect(body).toEqual({ rc: '00', batchNo: longs[1] });
  expect(eventIds()).toEqual(longs);
});

test('other content under the number of an event is kept aside, in one batch and in two', async () => {
  const item = chargeOk({ evNo: 72 });
  expect((await tell(batchOf([item, { ...item, sum: '99.00' }]))).status).toBe(200);
  expect((await tell(batchOf([{ ...item, sum: '98.00' }]))).status).toBe(200);
  expect(running.told).toMatchObject([{ data: { amount: { amountMinor: 1250 } } }]);
  const aside = { eventId: '72', reason: 'event-id-taken' };
  expect(await list('?status=quarantined')).toMatchObject([aside, aside]);
});

test('invalid items lie in quarantine, one each, and the others are told once', async () => {
  const good = [chargeOk(), chargeOk()];
  const batch = batchOf([good[0], chargeOk({ sum: '1e3' }), good[1], { evNo: 'x' }, 'text']);
  for (let n = 0; n < 2; n += 1) {
    const { status, body } = await tell({ ...batch, sentTs: batch.sentTs + n });
    expect([status, body]).toEqual([200, { rc: '00', batchNo: batch.batchNo }]);
  }
  expect(eventIds()).toEqual(good.map(({ evNo }) => String(evNo)));
  expect(await list('?status=quarantined')).toMatchObject([
    { eventId: null, type: null, reason: '/items/4 invalid_type' },
    { eventId: null, type: null, reason: expect.stringContaining('/items/3/evNo') },
    { eventId: expect.any(String), type: 'CHG_OK', reason: '/items/1/sum custom' },
  ]);
});

test('a type that nobody acts on is kept and ignored', async () => {
  expect((await tell(batchOf([{ evNo: 73, evType: 'FEE_NEWS', fee: '1.00' }]))).status).toBe(200);
  expect(await list('?status=ignored')).toMatchObject([{ eventId: '73', type: 'FEE_NEWS' }]);
  expect(running.told).toEqual([]);
});

test.each<[string, object | Buffer, number, string]>([
  ['251 items', batchOf(Array.from({ length: 251 }, () => chargeOk())), 422, '/items'],
  ['no number', { ...batchOf([chargeOk()]), batchNo: null }, 422, '/batchNo'],
  ['no JSON', json('hello'), 400, ''],
  ['nothing', json(''), 400, ''],
  ['a byte order mark', json(`\uFEFF${JSON.stringify(batchOf([]))}`), 400, ''],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, ''],
  ['__proto__', json('{"__proto__":{}}'), 400, ''],
  ['a key twice', json('{"batchNo":1,"batchNo":2}'), 400, ''],
  ['U+0000', json('{"batchNo":"\\u0000"}'), 422, ''],
  ['33 levels', json('['.repeat(33) + ']'.repeat(33)), 400, ''],
])('a batch with %s is kept as a whole, and not acknowledged', async (_, body, status, pointer) => {
  const answer = await tell(body);
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([status, pointer]);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect([running.told.length, (await list('?status=quarantined')).length]).toEqual([0, 1]);
});

test('of a batch whose count differs all items are told, but it is not acknowledged', async () => {
  const batch = batchOf([chargeOk(), chargeOk()], { count: 3 });
  for (let n = 0; n < 2; n += 1) {
    const { status, body } = await tell({ ...batch, sentTs: batch.sentTs + n });
    expect([status, body.errors]).toMatchObject([422, [{ pointer: '/count' }]]);
  }
  expect(running.told).toHaveLength(2);
  expect(await list('?status=quarantined')).toMatchObject([{ reason: '/count contradiction' }]);
  const whole = { ...batch, items: [...batch.items, chargeOk()] };
  expect((await tell(whole)).status).toBe(200);
  expect(running.told).toHaveLength(3);
});

test('where nothing may block the queue, what lies in quarantine is acknowledged by its number', async () => {
  const env = { BOREALIS_ACKNOWLEDGE_QUARANTINED: 'true' };
  const lenient = await runWebhooks('sqlite::memory:', { env });
  further.push(lenient);
  const own = await logIn(lenient.url);
  const batch = batchOf(
    Array.from({ length: 251 }, () => 1),
    { batchNo: 7 },
  );
  const answer = await deliver(lenient.url, own, batch);
  expect([answer.status, answer.body]).toEqual([200, { rc: '00', batchNo: 7 }]);
  expect((await deliver(lenient.url, own, json('hello'))).status).toBe(400);
});

describe('a replay of one item', () => {
  const replay = (id: string, body: object = { reason: 'it was mended' }) =>
    running.call('POST', `/deliveries/${id}/replay`, body);

  test.each([74, '4111111111111111', 4111111111111111])(
    'reads it alone, with its own event id (%s)',
    async (evNo) => {
      const item = chargeOk({ evNo, sum: '1e3' });
      await tell(batchOf([chargeOk(), item, chargeOk()], { batchNo: '5500000000000004' }));
      const [{ id }] = await list('?status=quarantined');
      expect((await replay(id)).body).toMatchObject({ status: 'quarantined', replays: 1 });
      await running.db.transaction(async (tx) => {
        const [row] = await tx.select('SELECT body FROM deliveries WHERE id = :id', { id });
        const kept = Buffer.from(String(row?.['body']), 'base64').toString();
        const body = Buffer.from(kept.replace('1e3', '1.00')).toString('base64');
        await tx.execute('UPDATE deliveries SET body = :body WHERE id = :id', { body, id });
      });
      const { body } = await replay(id);
      expect(body).toMatchObject({ status: 'pending', eventId: String(evNo), type: 'CHG_OK' });
      const mended = { data: { eventId: String(evNo), amount: { amountMinor: 100 } } };
      expect(running.told).toHaveLength(2);
      const [message] = await running.db.transaction((tx) =>
        tx.select('SELECT body FROM outbox ORDER BY position DESC LIMIT 1'),
      );
      expect(JSON.parse(String(message?.['body']))).toMatchObject(mended);
    },
  );

  test('of one that was published tells just that one again', async () => {
    const items = [chargeOk(), chargeFail()];
    await tell(batchOf(items));
    await running.db.transaction((tx) =>
      tx.execute("UPDATE deliveries SET status = 'published', published_at = received_at"),
    );
    const [{ id }] = await list('?type=CHG_FAIL');
    expect((await replay(id)).status).toBe(409);
    const { status, body } = await replay(id, { reason: 'it was lost', force: true });
    expect([status, body.eventId]).toEqual([200, String(items[1]?.evNo)]);
  });
});

test('a card-like number is masked in what is kept of an item, and in no log line', async () => {
  const pan = '4111111111111111';
  await tell(batchOf([chargeOk({ sum: 'x', note: pan, pan: 4111111111111111 }), chargeFail(pan)]));
  const rows = await running.db.transaction((tx) =>
    tx.select("SELECT body FROM deliveries WHERE status = 'quarantined'"),
  );
  expect(Buffer.from(String(rows[0]?.['body']), 'base64').toString()).not.toContain(pan);
  expect(running.logged.join()).not.toContain(pan);
  expect(JSON.stringify(running.told)).not.toContain(pan);
});

test('a batch that cannot be stored is not acknowledged, and whole the next time', async () => {
  const batch = batchOf([chargeOk(), chargeOk({ sum: 'x' })]);
  running.settings.breakStore = true;
  const refused = await tell(batch);
  running.settings.breakStore = false;
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '10']);
  expect(await list()).toEqual([]);
  expect((await tell(batch)).status).toBe(200);
  expect((await list()).length).toBe(2);
});

test('the same number at two providers is two events', async () => {
  const evNo = newNumber();
  await tell(batchOf([chargeOk({ evNo })]));
  expect((await send(running.url, succeeded(String(evNo)))).status).toBe(202);
  expect(running.told).toHaveLength(2);
});

describe('before the body is read', () => {
  test.each<[string, object, number]>([
    ['another method', { method: 'PUT' }, 405],
    ['no media type', { headers: { 'content-type': null } }, 415],
    ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, 415],
    ['a body that is too long', { headers: { 'content-length': '262145' } }, 413],
  ])('%s is refused, with and without a session', async (_, from, status) => {
    expect((await tell(batchOf([]), from)).status).toBe(status);
    expect((await deliver(running.url, null, batchOf([]), from)).status).toBe(status);
    expect((await askSession(running.url, {}, from)).status).toBe(status);
  });

  test('whoever is no peer is refused, whatever a header says, also where a session is asked for', async () => {
    const env = { BOREALIS_PEERS: '10.20.0.0/16' };
    const guarded = await runWebhooks('sqlite::memory:', { env });
    further.push(guarded);
    const forged = { headers: { 'x-forwarded-for': '10.20.0.7', forwarded: 'for=10.20.0.7' } };
    const never = { headers: { 'content-length': '1000' } };
    const answers = [
      await deliver(guarded.url, 'token', batchOf([]), forged),
      await askSession(guarded.url, undefined, forged),
      await deliver(guarded.url, 'token', json('{'), never),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [403, 'peer-not-allowed'],
      [403, 'peer-not-allowed'],
      [403, 'peer-not-allowed'],
    ]);
    expect((await send(guarded.url, succeeded())).status).toBe(202);
  });

  test('loopback is the peer where none is named', async () => {
    expect((await tell(batchOf([]))).status).toBe(200);
  });
});
