import { type Running, runWebhooks } from '../test/running-webhooks';
import { failed, newId, send, succeeded } from '../test/signed';

let running: Running;
beforeEach(async () => {
  running = await runWebhooks();
});
afterEach(() => running.stop());

const list = async (query = '') => (await running.call('GET', `/deliveries${query}`)).body.data;
const replay = (id: string, body: object = { reason: 'it was mended' }) =>
  running.call('POST', `/deliveries/${id}/replay`, body);

test('what was accepted is told once, and found by all that is known of it', async () => {
  const body = succeeded();
  await send(running.url, body);
  expect(running.told).toMatchObject([
    {
      type: 'provider.payment-outcome.v1',
      data: { eventId: body.id, outcome: 'success', reference: body.data.merchantReference },
      cause: { actor: 'provider:aurora', trigger: expect.stringMatching(/^request:/) },
    },
  ]);
  const [delivery] = await list();
  expect(delivery).toEqual({
    ...{ id: expect.any(String), provider: 'aurora', eventId: body.id, type: body.type },
    ...{ reason: null, reference: body.data.merchantReference, replays: 0 },
    ...{ status: expect.stringMatching(/pending|published/), publishedAt: delivery.publishedAt },
    receivedAt: '2026-07-03T12:00:00.000Z',
  });
  for (const query of [
    'provider=aurora',
    'type=payment.succeeded',
    `reference=${body.data.merchantReference}`,
    'from=2026-07-03T12:00:00Z&to=2026-07-03T12:00:00.001Z',
  ]) {
    expect([query, (await list(`?${query}`)).length]).toEqual([query, 1]);
  }
  for (const query of ['provider=x', 'type=x', 'reference=x', 'to=2026-07-03T12:00:00Z']) {
    expect([query, await list(`?${query}`)]).toEqual([query, []]);
  }
});

test('the same again is a duplicate, in whatever order its fields come', async () => {
  const { id, data, ...rest } = succeeded();
  expect((await send(running.url, { id, data, ...rest })).status).toBe(202);
  const { status, body } = await send(running.url, { ...rest, data, id });
  expect([status, body]).toEqual([200, { status: 'duplicate' }]);
  expect([running.told.length, (await list()).length]).toEqual([1, 1]);
});

test('other content under the same id is kept aside, and the first stands', async () => {
  const id = newId();
  await send(running.url, succeeded(id));
  const { status, body } = await send(running.url, succeeded(id, { amount: 9999 }));
  expect([status, body]).toEqual([200, { status: 'duplicate' }]);
  expect(running.told).toHaveLength(1);
  const aside = { eventId: id, reason: 'event-id-taken' };
  expect(await list('?status=quarantined')).toMatchObject([aside]);
  expect(running.logged.join()).toContain('the first was kept');
});

test('a bad copy does not keep out a better one', async () => {
  const id = newId();
  expect((await send(running.url, succeeded(id, { amount: -1 }))).status).toBe(422);
  expect((await send(running.url, succeeded(id, { amount: -1 }))).status).toBe(422);
  expect((await send(running.url, succeeded(id))).status).toBe(202);
  expect([running.told.length, (await list()).length]).toEqual([1, 2]);
});

test('published is what the relay has published', async () => {
  await send(running.url, succeeded());
  const at = running.clock.now();
  const messageId = running.told[0]?.id ?? '';
  await running.db.transaction(async (tx) => {
    await running.definition.onPublished?.([messageId], at, tx);
  });
  expect(await list('?status=published')).toMatchObject([{ publishedAt: at }]);
});

describe('a replay', () => {
  test('of what is still unusable says why, and counts', async () => {
    await send(running.url, failed(newId(), 'x', { currency: 'ABC' }));
    const [{ id, reason }] = await list();
    expect(reason).toBe('/data/currency custom');
    const { status, body } = await replay(id);
    expect([status, body]).toMatchObject([200, { status: 'quarantined', reason, replays: 1 }]);
    expect(running.told).toEqual([]);
  });

  test('of what can be used by now is told with its own event id, and audited', async () => {
    const body = succeeded();
    await send(running.url, { ...body, data: { ...body.data, currency: 'ABC' } });
    const [{ id }] = await list();
    const mended = Buffer.from(JSON.stringify(body)).toString('base64');
    await running.db.transaction((tx) =>
      tx.execute('UPDATE deliveries SET body = :mended', { mended }),
    );
    expect((await replay(id)).body).toMatchObject({ status: 'pending', eventId: body.id });
    const audit = await running.db.transaction((tx) => tx.select('SELECT * FROM audit_entries'));
    expect(JSON.stringify(audit)).toContain('it was mended');
    expect((await send(running.url, body)).body).toEqual({ status: 'duplicate' });
  });

  test('needs a reason and a delivery', async () => {
    await send(running.url, succeeded(newId(), { amount: -1 }));
    const [{ id }] = await list();
    expect((await replay(id, {})).status).toBe(422);
    expect((await replay('0197d000-0000-7000-8000-000000000001')).status).toBe(404);
  });

  test('of what was published is refused, unless it is forced', async () => {
    await send(running.url, succeeded());
    await running.db.transaction((tx) =>
      tx.execute("UPDATE deliveries SET status = 'published', published_at = received_at"),
    );
    const [{ id }] = await list();
    const refused = await replay(id);
    expect([refused.status, refused.body.code]).toEqual([409, 'already-published']);
    const forced = await replay(id, { reason: 'it was lost', force: true });
    expect([forced.status, forced.body.replays]).toEqual([200, 1]);
  });

  test('does not take an event id from the delivery that has it', async () => {
    const id = newId();
    await send(running.url, succeeded(id, { amount: 9999 }));
    await send(running.url, succeeded(id));
    const [aside] = await list('?status=quarantined');
    const refused = await replay(aside.id);
    expect([refused.status, refused.body.code]).toEqual([409, 'event-id-taken']);
  });
});
