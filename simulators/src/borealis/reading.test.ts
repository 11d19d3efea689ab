import { RunningBorealis } from '../../test/running-borealis';

let bank: RunningBorealis;
beforeEach(async () => {
  bank = await RunningBorealis.start();
});
afterEach(() => bank.stop());

const SECOND_MS = 1000;
const state = async (body: object) => (await bank.ask('/api/statement', body)).json;
const referencesOf = ({ entries }: Record<string, unknown>) =>
  (entries as { extRef: string }[]).map(({ extRef }) => extRef);

test('a charge is found at once by our reference and by the number of the bank', async () => {
  const { txnNo } = (await bank.charge('ct_ok')).json;
  await bank.pass(2 * SECOND_MS);
  const { revNo } = (await bank.reverse(txnNo, { extRef: 'back', sum: '2.50' })).json;
  const found = {
    ...{ rc: '00', txnNo, extRef: 'ref1', st: 'A', sum: '12.50', ccy: 'GBP' },
    revs: [{ revNo, extRef: 'back', sum: '2.50', st: 'A' }],
    updTs: bank.nowTs,
  };
  expect(await bank.enquire({ extRef: 'ref1' })).toEqual(found);
  expect(await bank.enquire({ txnNo })).toEqual(found);
});

test('what was declined is found with its reason, what went well without one', async () => {
  await bank.charge('ct_decline_EXPCARD');
  expect(await bank.enquire()).toMatchObject({ rc: '00', st: 'D', rsn: 'EXPCARD', revs: [] });
  await bank.charge('ct_ok', { extRef: 'ref2' });
  expect('rsn' in (await bank.enquire({ extRef: 'ref2' }))).toBe(false);
});

test('of what was reversed in the dashboard the reference is nobody’s', async () => {
  await bank.charge('ct_ok');
  const order = { reference: 'ref1', amount: 250, reason: 'duplicate' };
  await bank.ask('/_sim/refund', order);
  expect(await bank.enquire()).toMatchObject({ revs: [{ extRef: null, sum: '2.50', st: 'A' }] });
});

// biome-ignore format: a table
test.each([
  ['a reference that nobody used',    { extRef: 'ref2' }],
  ['part of a reference',             { extRef: 'ref' }],
  ['the reference of a reversal',     { extRef: 'back' }],
  ['a number that nobody has',        { txnNo: 'T1' }],
  ['a reference as a number',         { txnNo: 'ref1' }],
])('%s is not found', async (_, body) => {
  const { txnNo } = (await bank.charge('ct_ok')).json;
  await bank.reverse(txnNo, { extRef: 'back' });
  expect(await bank.enquire(body)).toEqual({ rc: '25' });
});

test.each([
  ['nothing', {}],
  ['both', { extRef: 'ref1', txnNo: 'T1' }],
  ['no text', { extRef: 1 }],
  ['an empty one', { extRef: '' }],
  ['half a body', '{"extRef"'],
])('an enquiry with %s is malformed', async (_, body) => {
  expect(await bank.ask('/api/enquire', body)).toMatchObject({ status: 400, json: { rc: '30' } });
});

test('enquiry_lag: not found for 30 seconds, whichever way it is asked for', async () => {
  const { txnNo } = (await bank.charge('ct_enquiry_lag')).json;
  const window = { fromTs: bank.nowTs, toTs: bank.nowTs + 60, page: 1 };
  const seen = async () => [
    (await bank.enquire({ extRef: 'ref1' }))['rc'],
    (await bank.enquire({ txnNo }))['rc'],
    referencesOf(await state(window)).length,
  ];
  expect(await seen()).toEqual(['25', '25', 0]);
  await bank.pass(29_999);
  expect(await seen()).toEqual(['25', '25', 0]);
  await bank.pass(1);
  expect(await seen()).toEqual(['00', '00', 1]);
  expect(bank.borealis.ledger().charges).toHaveLength(1);
});

// One charge each half second: a, b at :00, c, d at :01, e, f at :02.
// biome-ignore format: a table
test.each([
  ['all, oldest first',                 0, 10, 'abcdef'],
  ['from a second on, included',        1, 10, 'cdef'],
  ['up to a second, excluded',          0, 2,  'abcd'],
  ['one second',                        1, 2,  'cd'],
  ['no time at all',                    1, 1,  ''],
  ['a window that is the wrong way',    2, 1,  ''],
  ['before anything happened',          -5, 0, ''],
])('the statement of %s', async (_, from, to, expected) => {
  const start = bank.nowTs;
  for (const extRef of 'abcdef') {
    await bank.charge(extRef === 'c' ? 'ct_decline_DNH' : 'ct_ok', { extRef });
    await bank.pass(SECOND_MS / 2);
  }
  const statement = await state({ fromTs: start + from, toTs: start + to, page: 1 });
  expect(statement).toMatchObject({ rc: '00', page: 1, pages: 1 });
  expect(referencesOf(statement).join('')).toBe(expected);
});

test('an entry says when it changed, but belongs to the time at which it was made', async () => {
  const { txnNo } = (await bank.charge('ct_pending_ok')).json;
  const made = bank.nowTs;
  await bank.pass(300 * SECOND_MS);
  const { revNo } = (await bank.reverse(txnNo, { extRef: 'back', sum: '2.50' })).json;
  const entry = {
    ...{ txnNo, extRef: 'ref1', st: 'A', sum: '12.50', ccy: 'GBP', updTs: made + 300 },
    revs: [{ revNo, extRef: 'back', sum: '2.50', st: 'A' }],
  };
  const of = (fromTs: number) => state({ fromTs, toTs: fromTs + 1, page: 1 });
  expect(await of(made)).toMatchObject({ entries: [entry] });
  expect(await of(made + 300)).toMatchObject({ entries: [] });
});

test('a page holds a hundred; a page behind the last is empty', async () => {
  const references = Array.from(
    { length: 201 },
    (_, index) => `ref${String(index).padStart(3, '0')}`,
  );
  for (const extRef of references) await bank.charge('ct_ok', { extRef });
  const read = [];
  for (const page of [1, 2, 3, 4]) {
    const statement = await state({ fromTs: bank.nowTs, toTs: bank.nowTs + 1, page });
    expect(statement).toMatchObject({ page, pages: 3 });
    read.push(referencesOf(statement));
  }
  expect(read.map(({ length }) => length)).toEqual([100, 100, 1, 0]);
  expect(read.flat()).toEqual(references);
});

test.each([
  ['no page', { page: undefined }],
  ['page 0', { page: 0 }],
  ['a page and a half', { page: 1.5 }],
  ['no beginning', { fromTs: undefined }],
  ['a beginning in ISO 8601', { fromTs: '2026-01-05T06:00:00Z' }],
  ['an end in milliseconds', { toTs: 1_767_592_800_000_000 }],
])('a statement with %s is malformed', async (_, more) => {
  const body = { fromTs: 0, toTs: 1, page: 1, ...more };
  expect(await bank.ask('/api/statement', body)).toMatchObject({ status: 400, json: { rc: '30' } });
});
