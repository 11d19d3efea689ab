import { ORDER, RunningBorealis } from '../../test/running-borealis';

let bank: RunningBorealis;
beforeEach(async () => {
  bank = await RunningBorealis.start();
});
afterEach(() => bank.stop());

const MINUTE_MS = 60_000;
const charges = () => bank.borealis.ledger().charges;

test('a charge that succeeds answers its number', async () => {
  const { status, json } = await bank.charge('ct_ok');
  expect(status).toBe(200);
  expect(json).toEqual({ rc: '00', txnNo: expect.stringMatching(/^T\d+$/), st: 'A' });
  expect(charges()).toEqual([
    {
      id: json['txnNo'],
      merchantReference: 'ref1',
      amount: 1250,
      currency: 'GBP',
      paymentMethod: 'ct_ok',
      createdAt: '2026-01-05T06:00:00.000Z',
    },
  ]);
});

// biome-ignore format: a table
test.each([
  ['ct_decline_insufficient_funds', '51', 'INSUFF'],
  ['ct_decline_INSUFF',             '51', 'INSUFF'],
  ['ct_decline_insuff_7',           '51', 'INSUFF'],
  ['ct_decline_Insuff',             '51', 'INSUFF'],
  ['ct_decline_expired_card',       '54', 'EXPCARD'],
  ['ct_decline_card_expired',       '54', 'EXPCARD'],
  ['ct_decline_EXPCARD',            '54', 'EXPCARD'],
  ['ct_decline_do_not_honor',       '05', 'DNH'],
  ['ct_decline_card_declined',      '05', 'DNH'],
  ['ct_decline_DNH',                '05', 'DNH'],
  ['ct_decline_fraud_suspected',    '59', 'FRD'],
  ['ct_decline_suspected_fraud',    '59', 'FRD'],
  ['ct_decline_FRD',                '59', 'FRD'],
  ['ct_decline_LOSTINPOST',         '05', 'LOSTINPOST'],
  ['ct_decline_constructor',        '05', 'constructor'],
  ['ct_unknown_card_1',             '14', 'NOCARD'],
  ['ct_decline_unknown_card',       '14', 'NOCARD'],
])('%s is declined under 200: %s, %s', async (token, rc, rsn) => {
  const { status, json } = await bank.charge(token);
  expect(status).toBe(200);
  expect(json).toEqual({ rc, txnNo: expect.stringMatching(/^T\d+$/), st: 'D', rsn });
  expect(await bank.enquire()).toMatchObject({ rc: '00', txnNo: json['txnNo'], st: 'D', rsn });
  expect(charges()).toEqual([]);
});

test('what the bank fails to process is answered 96, and an enquiry says that it was declined', async () => {
  expect((await bank.charge('ct_decline_processing_error')).json).toEqual({ rc: '96' });
  expect(await bank.enquire()).toMatchObject({ rc: '00', st: 'D', rsn: '96' });
  expect(charges()).toEqual([]);
});

// biome-ignore format: a table
test.each<[string, string, string[]]>([
  ['a card that pays',                'ct_ok',              ['00', '00', '00']],
  ['a card that nothing is said of',  'ct42',               ['00', '00', '00']],
  ['always declined',                 'ct_decline_INSUFF',  ['51', '51', '51']],
  ['declined once',                   'ct_decline1_DNH',    ['05', '00', '00']],
  ['declined twice',                  'ct_decline2_insufficient_funds', ['51', '51', '00']],
])('%s', async (_, token, codes) => {
  const said = [];
  for (const [index] of codes.entries()) {
    said.push((await bank.charge(token, { extRef: `ref${index}` })).json['rc']);
  }
  expect(said).toEqual(codes);
  expect(charges()).toHaveLength(codes.filter((code) => code === '00').length);
});

// biome-ignore format: a table
test.each([
  ['ct_pending_ok',              'A', undefined, 1],
  ['ct_pending_decline_EXPCARD', 'D', 'EXPCARD', 0],
])('%s is accepted, and decided five minutes later', async (token, st, rsn, count) => {
  const { json } = await bank.charge(token);
  expect(json).toEqual({ rc: '00', txnNo: expect.any(String), st: 'P' });
  await bank.pass(5 * MINUTE_MS - 1);
  expect(await bank.enquire()).toMatchObject({ st: 'P', updTs: bank.nowTs - 299 });
  expect(charges()).toEqual([]);
  expect(bank.receiver.batches).toEqual([]);
  await bank.pass(1);
  const decided = await bank.enquire();
  expect(decided).toMatchObject({ st, updTs: bank.nowTs });
  expect(decided['rsn']).toBe(rsn);
  expect(charges()).toHaveLength(count);
  expect(bank.receiver.items).toHaveLength(1);
});

// biome-ignore format: a table
test.each([
  ['pounds and pence',               '12.50', 'GBP', 1250],
  ['a penny',                        '0.01',  'GBP', 1],
  ['yen, which has no decimals',     '1250',  'JPY', 1250],
  ['dinars, which have three',       '1.250', 'KWD', 1250],
  ['more than a float can hold',     '90071992547409.91', 'GBP', 9_007_199_254_740_991],
])('%s', async (_, sum, ccy, amount) => {
  expect((await bank.charge('ct_ok', { sum, ccy })).json).toMatchObject({ rc: '00' });
  expect(charges()).toMatchObject([{ amount, currency: ccy }]);
  expect(await bank.enquire()).toMatchObject({ sum, ccy });
});

// biome-ignore format: a table
test.each<[string, object | string]>([
  ['no reference',                  { extRef: undefined }],
  ['an empty reference',            { extRef: '' }],
  ['a reference of 33',             { extRef: 'r'.repeat(33) }],
  ['a reference with a hyphen',     { extRef: 'ref-1' }],
  ['no card',                       { cardToken: undefined }],
  ['a sum that is a number',        { sum: 12.5 }],
  ['minor units',                   { sum: '1250' }],
  ['one decimal',                   { sum: '12.5' }],
  ['three decimals',                { sum: '12.500' }],
  ['yen with decimals',             { sum: '1250.00', ccy: 'JPY' }],
  ['an exponent',                   { sum: '1e3' }],
  ['a sign',                        { sum: '+12.50' }],
  ['less than nothing',             { sum: '-12.50' }],
  ['no digit before the point',     { sum: '.50' }],
  ['a comma',                       { sum: '1,250.00' }],
  ['a zero before',                 { sum: '012.50' }],
  ['a space',                       { sum: ' 12.50' }],
  ['nothing to pay',                { sum: '0.00' }],
  ['more than can be counted',      { sum: '90071992547409.92' }],
  ['a currency that is none',       { ccy: 'gbp' }],
  ['a currency that nobody has',    { ccy: 'XXX' }],
  ['no time',                       { whenTs: undefined }],
  ['a time in a text',              { whenTs: '1767592800' }],
  ['half a body',                   '{"extRef":'],
])('%s is malformed, and charges nothing', async (_, given) => {
  const body = typeof given === 'string' ? given : { ...ORDER, cardToken: 'ct_ok', ...given };
  expect(await bank.ask('/api/charge', body)).toMatchObject({ status: 400, json: { rc: '30' } });
  expect(charges()).toEqual([]);
});

test('a reference of 32 is good', async () => {
  const extRef = 'r'.repeat(32);
  expect((await bank.charge('ct_ok', { extRef })).json).toMatchObject({ rc: '00' });
});

const YEAR_MS = 365 * 86_400_000;
// biome-ignore format: a table
test.each([
  ['what was charged',              'ct_ok',             {},                '94', 1],
  ['what was declined',             'ct_decline_INSUFF', {},                '94', 0],
  ['what is pending',               'ct_pending_ok',     {},                '94', 1],
  ['with another card',             'ct_ok',             { cardToken: 'c' }, '94', 1],
  ['another sum',                   'ct_ok',             { sum: '12.51' },  '95', 1],
  ['another sum, after a decline',  'ct_decline_INSUFF', { sum: '12.51' },  '95', 0],
  ['another currency',              'ct_ok',             { ccy: 'EUR' },    '95', 1],
])('the same reference again, for ever: %s', async (_, token, more, rc, count) => {
  await bank.charge(token);
  const before = (await bank.charge(token, more)).json;
  await bank.pass(YEAR_MS);
  await bank.logIn();
  expect([before, (await bank.charge(token, more)).json]).toEqual([{ rc }, { rc }]);
  expect(charges()).toHaveLength(count);
});

test('ten at once under one reference charge once', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => bank.charge('ct_ok')));
  const codes = answers.map(({ json }) => json['rc']).sort();
  expect(codes).toEqual(['00', ...Array.from({ length: 9 }, () => '94')]);
  expect(charges()).toHaveLength(1);
});

test('what is malformed is not kept', async () => {
  await bank.charge('ct_ok', { sum: '0.00' });
  expect((await bank.charge('ct_ok')).json).toMatchObject({ rc: '00' });
});
