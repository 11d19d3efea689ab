import { randomUUID } from 'node:crypto';
import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

let running: Running;
let subscribers: ReturnType<typeof subscribersOf>;

/** The refund came of a payment of 12.50: 99.99 were never there. The other payment failed after all. */
beforeEach(async () => {
  running = await runBilling();
  subscribers = subscribersOf(running);
  await subscribers.many(2);
  await running.until('2026-02-28T06:00:00Z');
  const [one, other] = running.aurora.ledger().charges;
  if (!one || !other) throw new Error('nothing was charged');
  await subscribers.refundTold(one.id, 9999);
  await subscribers.failsAfterAll(other.merchantReference, other.id, 1250);
});
afterEach(() => running.stop());

const get = async (path: string) => (await running.call('GET', path)).body;
const kindsOf = (page: { data: { kind: string }[] }) => page.data.map(({ kind }) => kind);
const list = async (query = '') => (await get(`/discrepancies?${query}`)).data;
const resolve = (id: string, body: unknown = { state: 'explained', note: 'A typing error' }) =>
  running.call('POST', `/discrepancies/${id}/resolution`, { body });

test('tells what does not agree, newest first', async () => {
  const page = await get('/discrepancies');
  expect(kindsOf(page)).toEqual(['contradicting_outcome', 'refund_exceeds_payment']);
  expect(page.nextCursor).toBeNull();
  expect(page.data[1]).toEqual({
    ...{ id: expect.any(String), kind: 'refund_exceeds_payment', state: 'open' },
    ...{ provider: 'aurora', paymentId: expect.any(String), note: null },
    ...{ openedAt: '2026-02-28T06:00:00.000Z' },
    details: {
      ...{ providerReference: expect.any(String), amountMinor: 9999, currency: 'GBP' },
      leftMinor: 1250,
    },
  });
});

test('page by page, by state and by kind', async () => {
  const all = await list();
  const first = await get('/discrepancies?limit=1');
  const second = await get(`/discrepancies?limit=1&cursor=${first.nextCursor}`);
  expect([...first.data, ...second.data]).toEqual(all);
  expect(second.nextCursor).toBeNull();
  expect(await list('kind=contradicting_outcome')).toEqual([all[0]]);
  await resolve(all[0].id);
  expect(await list('state=open')).toEqual([all[1]]);
  expect(await list('state=explained&kind=refund_exceeds_payment')).toEqual([]);
  expect(await list('state=auto_fixed')).toEqual([]);
});

test('somebody says once what it was', async () => {
  const [found] = await list();
  const { status, body } = await resolve(found.id);
  const explained = { ...found, state: 'explained', note: 'A typing error' };
  expect([status, body]).toEqual([200, explained]);
  expect((await list('state=explained'))[0]).toEqual(explained);
  const again = await resolve(found.id);
  expect([again.status, again.body.code]).toEqual([409, 'already-resolved']);
});

test('who said it is in the audit trail', async () => {
  const [found] = await list();
  await resolve(found.id);
  const rows = await running.db.transaction((tx) =>
    tx.select(
      `SELECT from_state, to_state, actor FROM audit_entries
       WHERE entity_type = 'discrepancy' AND entity_id = :id ORDER BY position`,
      { id: found.id },
    ),
  );
  expect(rows).toEqual([
    { fromState: null, toState: 'open', actor: 'provider:aurora' },
    { fromState: 'open', toState: 'explained', actor: expect.stringMatching(/^operator:caller/) },
  ]);
});

test.each([
  ['another state', { state: 'auto_fixed', note: 'x' }, '/state'],
  ['no note', { state: 'explained' }, '/note'],
  ['an empty note', { state: 'explained', note: '' }, '/note'],
  ['a note too long', { state: 'explained', note: 'x'.repeat(2001) }, '/note'],
  ['an unknown field', { state: 'explained', note: 'x', by: 'me' }, ''],
])('a resolution with %s is refused', async (_, body, pointer) => {
  const [found] = await list();
  const answer = await resolve(found.id, body);
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map((one: { pointer: string }) => one.pointer)).toEqual([pointer]);
  expect((await list())[0]).toEqual(found);
});

test('one that does not exist cannot be explained', async () => {
  expect((await resolve(randomUUID())).status).toBe(404);
});
