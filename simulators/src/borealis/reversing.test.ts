import { RunningBorealis } from '../../test/running-borealis';

let bank: RunningBorealis;
beforeEach(async () => {
  bank = await RunningBorealis.start();
});
afterEach(() => bank.stop());

const MINUTE_MS = 60_000;
const refunds = () => bank.borealis.ledger().refunds;
const revs = async () => (await bank.enquire())['revs'];

async function charged(token = 'ct_ok'): Promise<unknown> {
  return (await bank.charge(token)).json['txnNo'];
}

// biome-ignore format: a table
test.each([
  ['CUST',  'requested_by_customer'],
  ['DUPL',  'duplicate'],
  ['FRAUD', 'fraudulent'],
  ['NOSVC', 'service_not_provided'],
])('a reversal because of %s', async (rsnCode, reason) => {
  const txnNo = await charged();
  const { status, json } = await bank.reverse(txnNo, { extRef: 'back', sum: '2.50', rsnCode });
  expect(status).toBe(200);
  expect(json).toEqual({ rc: '00', revNo: expect.stringMatching(/^R\d+$/), st: 'A' });
  expect(refunds()).toEqual([
    {
      ...{ id: json['revNo'], paymentId: txnNo, merchantReference: 'back', reason },
      ...{ amount: 250, currency: 'GBP', status: 'succeeded' },
      createdAt: '2026-01-05T06:00:00.000Z',
    },
  ]);
  expect(await revs()).toEqual([{ revNo: json['revNo'], extRef: 'back', sum: '2.50', st: 'A' }]);
});

// biome-ignore format: a table
test.each([
  ['all of it',                     ['12.50'],          ['A'],      1250],
  ['part of it',                    ['2.50'],           ['A'],      250],
  ['a penny too much',              ['12.51'],          ['D'],      0],
  ['part, then exactly the rest',   ['2.50', '10.00'],  ['A', 'A'], 1250],
  ['part, then a penny too much',   ['2.50', '10.01'],  ['A', 'D'], 250],
  ['too much, then what is allowed', ['12.51', '12.50'], ['D', 'A'], 1250],
  ['all of it, then a penny',       ['12.50', '0.01'],  ['A', 'D'], 1250],
])('%s', async (_, sums, expected, total) => {
  const txnNo = await charged();
  const said = [];
  for (const sum of sums) {
    const { json } = await bank.reverse(txnNo, { sum });
    expect(json).toEqual({
      ...{ rc: json['st'] === 'A' ? '00' : '05', st: json['st'] },
      revNo: expect.stringMatching(/^R\d+$/),
    });
    said.push(json['st']);
  }
  expect(said).toEqual(expected);
  expect(await revs()).toMatchObject(sums.map((sum, index) => ({ sum, st: expected[index] })));
  expect(refunds().reduce((sum, { amount }) => sum + amount, 0)).toBe(total);
});

test.each(['ct_pending_ok', 'ct_decline_DNH'])(
  '%s took nothing, so none goes back',
  async (token) => {
    const { json } = await bank.reverse(await charged(token));
    expect(json).toMatchObject({ rc: '05', st: 'D' });
    expect(refunds()).toEqual([]);
  },
);

test('of a charge that is not there nothing goes back', async () => {
  await charged();
  expect((await bank.reverse('T0')).json).toEqual({ rc: '25' });
  expect((await bank.reverse('ref1')).json).toEqual({ rc: '25' });
});

// biome-ignore format: a table
test.each([
  ['the same',                      { sum: '2.50' },                  '94'],
  ['the same for another reason',   { sum: '2.50', rsnCode: 'CUST' }, '94'],
  ['another sum',                   { sum: '2.51' },                  '95'],
])('the same reference again, for ever: %s', async (_, more, rc) => {
  const txnNo = await charged();
  await bank.reverse(txnNo, { extRef: 'back', sum: '2.50' });
  await bank.pass(365 * 86_400_000);
  await bank.logIn();
  expect((await bank.reverse(txnNo, { extRef: 'back', ...more })).json).toEqual({ rc });
  expect(refunds()).toHaveLength(1);
});

test('the same reference of another charge is another reversal: 95', async () => {
  const one = await charged();
  const { txnNo: other } = (await bank.charge('ct_ok', { extRef: 'ref2' })).json;
  await bank.reverse(one, { extRef: 'back' });
  expect((await bank.reverse(other, { extRef: 'back' })).json).toEqual({ rc: '95' });
});

test('one that was declined has used its reference too', async () => {
  const txnNo = await charged();
  await bank.reverse(txnNo, { extRef: 'back', sum: '12.51' });
  expect((await bank.reverse(txnNo, { extRef: 'back', sum: '12.51' })).json).toEqual({ rc: '94' });
  expect((await bank.reverse(txnNo, { extRef: 'back', sum: '1.00' })).json).toEqual({ rc: '95' });
});

test('a charge and a reversal may have one reference', async () => {
  const txnNo = await charged();
  expect((await bank.reverse(txnNo, { extRef: 'ref1' })).json).toMatchObject({ rc: '00' });
});

// biome-ignore format: a table
test.each([
  ['no reference',              { extRef: undefined }],
  ['a reference of 33',         { extRef: 'r'.repeat(33) }],
  ['a reference with a hyphen', { extRef: 'back-1' }],
  ['no charge',                 { origTxnNo: undefined }],
  ['no sum',                    { sum: undefined }],
  ['nothing',                   { sum: '0.00' }],
  ['a number',                  { sum: 2.5 }],
  ['another reason',            { rsnCode: 'BORED' }],
  ['one of the other words',    { rsnCode: 'duplicate' }],
])('%s is malformed', async (_, more) => {
  const answer = await bank.reverse(await charged(), more);
  expect(answer).toMatchObject({ status: 400, json: { rc: '30' } });
  expect(refunds()).toEqual([]);
});

test('a sum has the decimals of the charge', async () => {
  const { txnNo } = (await bank.charge('ct_ok', { sum: '1250', ccy: 'JPY' })).json;
  expect((await bank.reverse(txnNo, { sum: '12.50' })).json).toEqual({ rc: '30' });
  expect((await bank.reverse(txnNo, { sum: '250' })).json).toMatchObject({ rc: '00' });
  expect(refunds()).toMatchObject([{ amount: 250, currency: 'JPY' }]);
});

// biome-ignore format: a table
test.each([
  ['ct_ok_refund_pending',      'A', 1],
  ['ct_ok_refund_pending_fail', 'D', 0],
])('%s is accepted, and decided five minutes later', async (token, st, count) => {
  const txnNo = await charged(token);
  const { json } = await bank.reverse(txnNo);
  expect(json).toEqual({ rc: '00', revNo: expect.any(String), st: 'P' });
  expect((await bank.reverse(txnNo, { sum: '0.01' })).json).toMatchObject({ rc: '05', st: 'D' });
  await bank.pass(5 * MINUTE_MS - 1);
  expect(await revs()).toMatchObject([{ st: 'P' }, { st: 'D' }]);
  expect(refunds()).toEqual([]);
  await bank.pass(1);
  expect(await revs()).toMatchObject([{ revNo: json['revNo'], st }, { st: 'D' }]);
  expect(refunds()).toHaveLength(count);
});

test('refund_fail is declined, and what was charged can still go back', async () => {
  const txnNo = await charged('ct_ok_refund_fail');
  expect((await bank.reverse(txnNo)).json).toMatchObject({ rc: '05', st: 'D' });
  expect(refunds()).toEqual([]);
});

test('what a reversal that failed had reserved is free again', async () => {
  const txnNo = await charged('ct_ok_refund_pending_fail');
  await bank.reverse(txnNo);
  await bank.pass(5 * MINUTE_MS);
  expect((await bank.reverse(txnNo)).json).toMatchObject({ rc: '00', st: 'P' });
});
