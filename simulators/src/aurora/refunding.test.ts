import { RunningAurora } from '../../test/running-aurora';
import { REASONS } from './calls';

let aurora: RunningAurora;
beforeEach(async () => {
  aurora = await RunningAurora.start();
});
afterEach(() => aurora.stop());

async function charged(token = 'pm_ok'): Promise<unknown> {
  const { json } = await aurora.charge(token);
  return json['id'] ?? Object(json['error']).paymentId;
}

test.each(REASONS)('a refund because %s', async (reason) => {
  const paymentId = await charged();
  const { status, json } = await aurora.refund(paymentId, { merchantReference: 'back', reason });
  expect(status).toBe(201);
  expect(json).toEqual({
    id: expect.stringMatching(/^re_/),
    paymentId,
    merchantReference: 'back',
    amount: 1250,
    currency: 'GBP',
    status: 'succeeded',
    reason,
    createdAt: '2026-01-05T06:00:00.000Z',
  });
  expect(aurora.aurora.ledger().refunds).toEqual([json]);
});

test('the four reasons are the four that there are', () => {
  expect([...REASONS].sort()).toEqual([
    'duplicate',
    'fraudulent',
    'requested_by_customer',
    'service_not_provided',
  ]);
});

const EXCEEDS = '400 refund_exceeds_payment';
const NOT_REFUNDABLE = '409 payment_not_refundable';
// biome-ignore format: a table
test.each<[string, (number | undefined)[], string[], number]>([
  ['all of it',                        [undefined],            ['201'],                        1250],
  ['all of it, by its amount',         [1250],                 ['201'],                        1250],
  ['part of it',                       [250],                  ['201'],                        250],
  ['a penny too much',                 [1251],                 [EXCEEDS],                      0],
  ['part, then what is left',          [250, undefined],       ['201', '201'],                 1250],
  ['part, then exactly the rest',      [250, 1000],            ['201', '201'],                 1250],
  ['part, then a penny too much',      [250, 1001],            ['201', EXCEEDS],               250],
  ['too much, then what is allowed',   [1251, 1250],           [EXCEEDS, '201'],               1250],
  ['all of it, then more',             [1250, undefined],      ['201', NOT_REFUNDABLE],        1250],
  ['all of it, then a penny',          [1250, 1],              ['201', NOT_REFUNDABLE],        1250],
])('%s', async (_, amounts, expected, refunded) => {
  const paymentId = await charged();
  const said = [];
  for (const amount of amounts) {
    const { status, json } = await aurora.refund(paymentId, { amount });
    said.push(status === 201 ? '201' : `${status} ${Object(json['error']).code}`);
  }
  expect(said).toEqual(expected);
  const { json } = await aurora.ask('GET', `/v1/payments/${paymentId}`);
  expect(json).toMatchObject({ amount: 1250, amountRefunded: refunded, status: 'succeeded' });
  const sum = aurora.aurora.ledger().refunds.reduce((total, { amount }) => total + amount, 0);
  expect(sum).toBe(refunded);
});

test.each(['pm_pending_ok', 'pm_decline_expired_card'])(
  '%s took no money, so none goes back',
  async (token) => {
    const answer = await aurora.refund(await charged(token));
    const error = { type: 'invalid_request', code: 'payment_not_refundable' };
    expect(answer).toMatchObject({ status: 409, json: { error } });
    expect(aurora.aurora.ledger().refunds).toEqual([]);
  },
);

// biome-ignore format: a table
test.each([
  ['another reason',          { reason: 'bored' },                          400],
  ['no reason',               { reason: undefined },                        400],
  ['no reference',            { merchantReference: undefined },             400],
  ['a reference of 65',       { merchantReference: 'r'.repeat(65) },        400],
  ['nothing at all',          { amount: 0 },                                400],
  ['half a penny',            { amount: 0.5 },                              400],
])('%s is invalid', async (_, more, status) => {
  expect(await aurora.refund(await charged(), more)).toMatchObject({ status });
  expect(aurora.aurora.ledger().refunds).toEqual([]);
});

test('of a payment that is not there nothing goes back', async () => {
  expect((await aurora.refund('pay_0')).status).toBe(404);
});

test('an excess does not use up its key', async () => {
  const paymentId = await charged();
  expect((await aurora.refund(paymentId, { amount: 1251 }, 'k')).status).toBe(400);
  expect((await aurora.refund(paymentId, { amount: 1250 }, 'k')).status).toBe(201);
});
