import { parseInstant } from '@perennial/calendar';
import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

let running: Running;
let subscribers: ReturnType<typeof subscribersOf>;

beforeEach(async () => {
  running = await runBilling();
  subscribers = subscribersOf(running);
});
afterEach(() => running.stop());

const at = '2026-02-28T06:00:00.000Z';
const NOTHING = {
  ...{ due: 0, combined: 0, sent: 0, succeeded: 0, declined: 0 },
  ...{ pending: 0, unknown: 0, skipped: 0, waived: 0 },
};
const run = async (instant = at) => {
  await running.clock.set(parseInstant(instant));
  return running.call('POST', '/runs');
};
const get = async (path: string) => (await running.call('GET', path)).body;

test('with nothing due a run was made, and says so', async () => {
  const { status, body } = await run();
  const times = { startedAt: at, finishedAt: at };
  expect([status, body]).toEqual([201, { id: expect.any(String), ...times, ...NOTHING }]);
  expect(await get(`/runs/${body.id}`)).toEqual(body);
});

const CARDS: [string, object][] = [
  ['pm_ok', { sent: 1, succeeded: 1 }],
  ['pm_decline_card_declined', { sent: 1, declined: 1 }],
  ['pm_pending_1', { sent: 1, pending: 1 }],
  ['pm_reset_after', { sent: 1, unknown: 1 }],
  ['pm_500_after', { sent: 1, unknown: 1 }],
  ['pm_truncated', { sent: 1, unknown: 1 }],
  ['pm_503_before', { sent: 1 }],
];
test.each(CARDS)('a charge with %s counts as %j', async (card, counts) => {
  await subscribers.subscription(await subscribers.customer(card));
  expect((await run()).body).toMatchObject({ ...NOTHING, due: 1, ...counts });
});

test('cycles that are due together are one charge, unless the customer wants them apart', async () => {
  for (const combineCharges of [true, false]) {
    const customer = await subscribers.customer('pm_ok', { combineCharges });
    for (const _ of [1, 2]) await subscribers.subscription(customer);
  }
  const counts = { due: 4, combined: 1, sent: 3, succeeded: 3 };
  expect((await run()).body).toMatchObject({ ...NOTHING, ...counts });
  const charged = running.aurora.ledger().charges.map(({ amount }) => amount);
  expect(charged.sort()).toEqual([1250, 1250, 2500]);
});

test('with a lost card, or cancelled for that day, nothing is charged: it is skipped', async () => {
  const customer = await subscribers.customer('pm_lost');
  await subscribers.subscription(customer);
  await subscribers.losesCard('pm_lost');
  const leaver = await subscribers.customer();
  const id = await subscribers.subscription(leaver);
  await subscribers.asksToEnd(leaver, id, '2026-02-28');
  expect((await run()).body).toMatchObject({ ...NOTHING, due: 2, skipped: 2 });
  expect(running.aurora.ledger().charges).toEqual([]);
});

test.each([
  ['35 days late is charged', '2026-04-04T12:00:00Z', { due: 2, sent: 2, succeeded: 2, waived: 0 }],
  ['36 days late is waived', '2026-04-05T12:00:00Z', { due: 2, sent: 1, succeeded: 1, waived: 1 }],
])('what is found %s', async (_, instant, counts) => {
  await subscribers.subscription(await subscribers.customer());
  expect((await run(instant)).body).toMatchObject({ ...NOTHING, ...counts });
});

test('what was charged is not due again', async () => {
  await subscribers.many(3);
  expect((await run()).body).toMatchObject({ due: 3, succeeded: 3 });
  expect((await run()).body).toMatchObject(NOTHING);
  expect(running.aurora.ledger().charges).toHaveLength(3);
});

test('runs are listed newest first, page by page; those of the timer too', async () => {
  await subscribers.many(2);
  await running.until(at);
  const asked = [(await run()).body, (await run('2026-02-28T07:00:00Z')).body];
  const { data } = await get('/runs');
  expect(data).toHaveLength(3);
  expect(data.slice(0, 2)).toEqual([...asked].reverse());
  expect(data[2]).toMatchObject({ due: 2, succeeded: 2 });
  const first = await get('/runs?limit=2');
  const second = await get(`/runs?limit=2&cursor=${first.nextCursor}`);
  expect([...first.data, ...second.data]).toEqual(data);
  expect(second.nextCursor).toBeNull();
});

test('more than one claim takes is charged in one run that was asked for', async () => {
  await subscribers.many(450);
  expect((await run()).body).toMatchObject({ due: 450, sent: 450, succeeded: 450 });
});

test('two runs at once share the work', async () => {
  await subscribers.many(30);
  const [one, other] = await Promise.all([run(), run()]);
  expect(one.body.sent + other.body.sent).toBe(30);
  expect(running.aurora.ledger().charges).toHaveLength(30);
});
