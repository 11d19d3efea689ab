import { until } from '@perennial/testing';
import { type Batch, proofBy } from '../../test/bank-receiver';
import { PARTNER, RunningBorealis, WEBHOOK_SECRET } from '../../test/running-borealis';

let bank: RunningBorealis;
beforeEach(async () => {
  bank = await RunningBorealis.start();
});
afterEach(() => bank.stop());

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NUMBER = /^\d+$/;
const told = () => bank.receiver.items;
const numbered = ({ evNo, ...item }: Record<string, unknown>) => ({ evNo: String(evNo), ...item });

async function chargedAndTold(token: string): Promise<Record<string, unknown>> {
  const { json } = await bank.charge(token);
  await bank.pass(0);
  return json;
}

test('first a session is opened by a proof under our secret, then a batch comes in it', async () => {
  await chargedAndTold('ct_ok');
  const [{ nonce = '', ts = 0, ...logIn } = {}] = bank.receiver.logIns;
  expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  expect(ts).toBe(bank.nowTs);
  const proof = proofBy(WEBHOOK_SECRET, PARTNER, nonce, ts);
  expect(logIn).toEqual({ partnerCode: PARTNER, proof });
  expect(bank.receiver.batches).toMatchObject([
    { token: 'token_1', contentType: 'application/json', sentTs: bank.nowTs, count: 1 },
  ]);
});

const facts = { extRef: 'ref1', sum: '12.50', ccy: 'GBP' };
// biome-ignore format: a table
test.each([
  ['ct_ok',                      { evType: 'CHG_OK', ...facts, seq: 2 }],
  ['ct_decline_EXPCARD',         { evType: 'CHG_FAIL', ...facts, rsn: 'EXPCARD', seq: 2 }],
  ['ct_decline_LOST',            { evType: 'CHG_FAIL', ...facts, rsn: 'LOST', seq: 2 }],
  ['ct_unknown_card',            { evType: 'CHG_FAIL', ...facts, rsn: 'NOCARD', seq: 2 }],
])('%s is told', async (token, item) => {
  const { txnNo } = await chargedAndTold(token);
  const [{ evNo, ...rest } = {}] = told();
  expect(String(evNo)).toMatch(NUMBER);
  expect(rest).toEqual({ ...item, txnNo, evTs: bank.nowTs });
});

test('what the bank failed to process is told as 96', async () => {
  await chargedAndTold('ct_decline_processing_error');
  expect(told()).toMatchObject([{ evType: 'CHG_FAIL', rsn: '96', extRef: 'ref1' }]);
});

// biome-ignore format: a table
test.each([
  ['ct_ok',             { rsnCode: 'FRAUD', sum: '2.50' },  'REV_OK'],
  ['ct_ok_refund_fail', { rsnCode: 'CUST', sum: '2.50' },   'REV_FAIL'],
  ['ct_ok',             { rsnCode: 'CUST', sum: '12.51' },  'REV_FAIL'],
])('a reversal of %s with %j is told under its own reference: %s', async (token, order, evType) => {
  const { txnNo } = await chargedAndTold(token);
  const { revNo } = (await bank.reverse(txnNo, { extRef: 'back', ...order })).json;
  await bank.pass(0);
  const [, { evNo, ...rest } = {}] = told();
  expect(String(evNo)).toMatch(NUMBER);
  const known = { ...order, evType, revNo, txnNo, extRef: 'back', ccy: 'GBP' };
  expect(rest).toEqual({ ...known, evTs: bank.nowTs, seq: 3 });
});

test('what falls due together comes in one batch, in order, a hundred at most', async () => {
  const references = Array.from({ length: 101 }, (_, index) => `ref${index}`);
  for (const extRef of references) await bank.charge('ct_ok', { extRef });
  await bank.pass(0);
  const { batches } = bank.receiver;
  expect(batches.map(({ count }) => count).sort()).toEqual([1, 100]);
  expect(batches.every(({ count, items }) => items.length === count)).toBe(true);
  const inOrder = [...batches].sort((one, other) => other.count - one.count);
  const read = inOrder.flatMap(({ items }) => items.map(({ extRef }) => extRef));
  expect(read).toEqual(references);
  expect(new Set(batches.map(({ batchNo }) => String(batchNo))).size).toBe(2);
  expect(new Set(told().map(({ evNo }) => String(evNo))).size).toBe(101);
});

test('the four log in once for many batches at once', async () => {
  const release = bank.receiver.hold();
  const references = Array.from({ length: 301 }, (_, index) => `ref${index}`);
  for (const extRef of references) await bank.charge('ct_ok', { extRef });
  const delivered = bank.pass(0);
  await until(() => bank.receiver.batches.length === 4);
  release();
  await delivered;
  expect(bank.receiver.logIns).toHaveLength(1);
});

test('numbers come as numbers and as digits: both of both kinds, and otherwise the next time', async () => {
  const kinds = { batchNo: new Set<string>(), evNo: new Set<string>() };
  bank.receiver.answer = () => ({ status: 500 });
  for (const extRef of ['a', 'b', 'c', 'd']) {
    await bank.charge('ct_ok', { extRef });
    await bank.pass(0);
  }
  for (const { batchNo, items } of bank.receiver.batches) {
    kinds.batchNo.add(typeof batchNo);
    for (const { evNo } of items) kinds.evNo.add(typeof evNo);
  }
  expect(kinds).toEqual({
    batchNo: new Set(['number', 'string']),
    evNo: new Set(['number', 'string']),
  });
  const first = bank.receiver.batches.at(-1);
  bank.receiver.batches.length = 0;
  await bank.pass(MINUTE_MS);
  const second = bank.receiver.batches.find(
    ({ batchNo }) => String(batchNo) === String(first?.batchNo),
  );
  expect(typeof second?.batchNo).not.toBe(typeof first?.batchNo);
  expect(typeof second?.items[0]?.['evNo']).not.toBe(typeof first?.items[0]?.['evNo']);
});

test('dup_webhook: three times under one number, within a batch and beside it', async () => {
  await bank.charge('ct_dup_webhook');
  await bank.charge('ct_ok', { extRef: 'ref2' });
  await bank.pass(0);
  expect(bank.receiver.batches.map(({ count }) => count).sort()).toEqual([1, 3]);
  const copies = told().filter(({ extRef }) => extRef === 'ref1');
  expect(copies).toHaveLength(3);
  const [first, ...others] = copies.map(numbered);
  expect(others).toEqual([first, first]);
  expect(new Set(copies.map(({ evNo }) => typeof evNo)).size).toBe(2);
});

const ACKNOWLEDGED = 'the batch is done';
const AGAIN = 'the batch comes again, whole, after a minute';
type Says = ReturnType<RunningBorealis['receiver']['answer']>;
// biome-ignore format: a table
test.each<[string, (batch: Batch) => Says, string]>([
  ['its number',                    () => ({}),                                                           ACKNOWLEDGED],
  ['its number as digits',          ({ batchNo }) => ({ body: { rc: '00', batchNo: String(batchNo) } }),  ACKNOWLEDGED],
  ['its number as a number',        ({ batchNo }) => ({ body: { rc: '00', batchNo: Number(batchNo) } }),  ACKNOWLEDGED],
  ['another number',                ({ batchNo }) => ({ body: { rc: '00', batchNo: Number(batchNo) + 1 } }), AGAIN],
  ['no number',                     () => ({ body: { rc: '00' } }),                                       AGAIN],
  ['another rc',                    ({ batchNo }) => ({ body: { rc: '96', batchNo } }),                   AGAIN],
  ['an rc that is a number',        ({ batchNo }) => ({ body: { rc: 0, batchNo } }),                      AGAIN],
  ['its number under 201',          () => ({ status: 201 }),                                              AGAIN],
  ['its number under 202',          () => ({ status: 202 }),                                              AGAIN],
  ['204',                           () => ({ status: 204, body: '' }),                                    AGAIN],
  ['a page',                        () => ({ body: '<html>' }),                                           AGAIN],
  ['302',                           () => ({ status: 302 }),                                              AGAIN],
  ['400',                           () => ({ status: 400 }),                                              AGAIN],
  ['403',                           () => ({ status: 403 }),                                              AGAIN],
  ['500',                           () => ({ status: 500 }),                                              AGAIN],
  ['503',                           () => ({ status: 503 }),                                              AGAIN],
  ['a cut connection',              () => 'reset',                                                        AGAIN],
])('answered by %s', async (_, answer, expected) => {
  bank.receiver.answer = answer;
  await bank.charge('ct_ok', { extRef: 'ref1' });
  await bank.charge('ct_ok', { extRef: 'ref2' });
  await bank.pass(0);
  bank.receiver.answer = () => ({});
  await bank.pass(MINUTE_MS - 1);
  expect(bank.receiver.batches).toHaveLength(1);
  await bank.pass(1);
  await bank.pass(HOUR_MS);
  const [first, second] = bank.receiver.batches;
  expect(bank.receiver.batches).toHaveLength(expected === AGAIN ? 2 : 1);
  if (expected === ACKNOWLEDGED) return;
  expect(String(second?.batchNo)).toBe(String(first?.batchNo));
  expect(second?.items.map(numbered)).toEqual(first?.items.map(numbered));
  expect(second?.sentTs).toBe((first?.sentTs ?? 0) + 60);
});

test('one that nobody takes comes every minute for 48 hours, and then no more', async () => {
  bank.receiver.answer = () => ({ status: 500 });
  await chargedAndTold('ct_ok');
  const { batches } = bank.receiver;
  for (const [sent, ms] of [
    MINUTE_MS,
    MINUTE_MS,
    48 * HOUR_MS - 3 * MINUTE_MS,
    MINUTE_MS,
  ].entries()) {
    await bank.pass(ms);
    expect(batches).toHaveLength(sent + 2);
  }
  expect(await bank.borealis.timer.nextAt()).toBeNull();
  await bank.pass(HOUR_MS);
  expect(batches).toHaveLength(5);
});

test('one that nobody takes does not hold up the others', async () => {
  bank.receiver.answer = () => ({ status: 500 });
  await chargedAndTold('ct_ok');
  bank.receiver.answer = () => ({});
  await bank.charge('ct_ok', { extRef: 'ref2' });
  await bank.pass(0);
  expect(told()).toMatchObject([{ extRef: 'ref1' }, { extRef: 'ref2' }]);
});

test('a session is used until it runs out, and then another is opened', async () => {
  const tokensAfter = async (ms: number) => {
    await bank.pass(ms);
    await bank.charge('ct_ok', { extRef: `ref${bank.receiver.batches.length}` });
    await bank.pass(0);
    return bank.receiver.batches.map(({ token }) => token).join(' ');
  };
  bank.receiver.validFor = 120;
  expect(await tokensAfter(0)).toBe('token_1');
  expect(await tokensAfter(119_999)).toBe('token_1 token_1');
  expect(await tokensAfter(1)).toBe('token_1 token_1 token_2');
  const nonces = bank.receiver.logIns.map(({ nonce }) => nonce);
  expect(new Set(nonces).size).toBe(2);
});

test('one that is refused is opened anew, and the batch comes at once', async () => {
  await chargedAndTold('ct_ok');
  bank.receiver.tokens.clear();
  await bank.charge('ct_ok', { extRef: 'ref2' });
  await bank.pass(0);
  expect(bank.receiver.batches.map(({ token }) => token)).toEqual([
    'token_1',
    'token_1',
    'token_2',
  ]);
  await bank.pass(HOUR_MS);
  expect(bank.receiver.batches).toHaveLength(3);
});

test('who refuses that one too is asked again after a minute', async () => {
  bank.receiver.answer = () => ({ status: 401 });
  await chargedAndTold('ct_ok');
  expect(bank.receiver.logIns).toHaveLength(2);
  expect(bank.receiver.batches).toHaveLength(2);
  bank.receiver.answer = () => ({});
  await bank.pass(MINUTE_MS);
  expect(bank.receiver.batches).toHaveLength(3);
  expect(await bank.borealis.timer.nextAt()).toBeNull();
});

test.each<[string, Says]>([
  ['401', { status: 401 }],
  ['429', { status: 429 }],
  ['503', { status: 503 }],
  ['no session', { body: { rc: '00' } }],
  ['a page', { body: '<html>' }],
  ['a cut connection', 'reset'],
])('without a session, because of %s, the batch waits for a minute', async (_, answer) => {
  bank.receiver.logInAnswer = answer;
  await chargedAndTold('ct_ok');
  expect(bank.receiver.batches).toEqual([]);
  bank.receiver.logInAnswer = {};
  await bank.pass(MINUTE_MS - 1);
  expect(bank.receiver.logIns).toHaveLength(1);
  await bank.pass(1);
  expect(told()).toMatchObject([{ evType: 'CHG_OK' }]);
});

test('the timer knows when something falls due', async () => {
  const { timer } = bank.borealis;
  expect(timer.name).toBe('borealis');
  expect(await timer.nextAt()).toBeNull();
  await bank.charge('ct_pending_ok');
  expect(await timer.nextAt()).toBe('2026-01-05T06:05:00.000Z');
  bank.receiver.answer = () => ({ status: 500 });
  await bank.charge('ct_ok', { extRef: 'ref2' });
  expect(await timer.nextAt()).toBe('2026-01-05T06:00:00.000Z');
  await bank.pass(0);
  expect(await timer.nextAt()).toBe('2026-01-05T06:01:00.000Z');
});

test('a bank that is started later gives other numbers', async () => {
  const one = await chargedAndTold('ct_ok');
  await bank.pass(1000);
  const at = bank.now;
  const later = await RunningBorealis.start({ clock: { now: () => at } });
  const other = (await later.charge('ct_ok')).json;
  await later.borealis.timer.run();
  const numbers = [bank, later].map(({ receiver }) => Number(receiver.items[0]?.['evNo']));
  await later.stop();
  expect(numbers[1]).toBeGreaterThan(numbers[0] ?? 0);
  expect(other['txnNo']).not.toBe(one['txnNo']);
});
