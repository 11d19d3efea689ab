import { ORDER, RunningAurora } from '../../test/running-aurora';

let aurora: RunningAurora;
beforeEach(async () => {
  aurora = await RunningAurora.start();
});
afterEach(() => aurora.stop());

const MINUTE_MS = 60_000;
const times = <T>(count: number, value: T) => Array.from({ length: count }, () => value);

test('a charge that succeeds answers the whole payment', async () => {
  const { status, json } = await aurora.charge('pm_ok', { description: 'January' });
  expect(status).toBe(201);
  expect(json).toEqual({
    ...ORDER,
    id: expect.stringMatching(/^pay_/),
    amountRefunded: 0,
    status: 'succeeded',
    failure: null,
    paymentMethod: 'pm_ok',
    sequence: 2,
    createdAt: '2026-01-05T06:00:00.000Z',
    updatedAt: '2026-01-05T06:00:00.000Z',
  });
});

test('a charge that is declined tells the code, and which payment it was', async () => {
  const { status, json } = await aurora.charge('pm_decline_insufficient_funds_42');
  expect(status).toBe(402);
  expect(json).toEqual({
    error: {
      type: 'card_error',
      code: 'card_declined',
      declineCode: 'insufficient_funds',
      message: expect.any(String),
      paymentId: expect.stringMatching(/^pay_/),
    },
  });
});

const funds = 'insufficient_funds';
// biome-ignore format: a table
test.each<[string, string, (string | null)[]]>([
  ['a card that pays',                 'pm_ok',                           times(3, null)],
  ['a card that nothing is said of',   'pm_42',                           times(3, null)],
  ['always declined',                  'pm_decline_insufficient_funds',   times(7, funds)],
  ['a number behind the code',         'pm_decline_insufficient_funds_7', times(3, funds)],
  ['declined once',                    'pm_decline1_expired_card',        ['expired_card', null, null]],
  ['declined three times',             'pm_decline3_insufficient_funds',  [...times(3, funds), null, null]],
  ['declined ten times',               'pm_decline10_insufficient_funds', [...times(10, funds), null]],
  ['do not honor',                     'pm_decline_do_not_honor',         ['do_not_honor']],
  ['card declined',                    'pm_decline_card_declined',        ['card_declined']],
  ['fraud',                            'pm_decline_fraud_suspected',      ['fraud_suspected']],
  ['processing error',                 'pm_decline_processing_error',     ['processing_error']],
  ['a code that nobody has heard of',  'pm_decline_lost_in_the_post',     ['lost_in_the_post']],
])('%s: %s', async (_, token, codes) => {
  const said = [];
  for (const _code of codes) {
    const { status, json } = await aurora.charge(token);
    said.push(status === 402 ? Object(json['error']).declineCode : null);
    expect(status).toBe(said.at(-1) === null ? 201 : 402);
  }
  expect(said).toEqual(codes);
  expect(aurora.aurora.ledger().charges).toHaveLength(codes.filter((code) => !code).length);
});

test('each card counts its own declines', async () => {
  const statuses = [];
  for (const token of ['pm_decline1_funds_1', 'pm_decline1_funds_2', 'pm_decline1_funds_1']) {
    statuses.push((await aurora.charge(token)).status);
  }
  expect(statuses).toEqual([402, 402, 201]);
});

test.each([
  ['pm_pending_ok', 'succeeded', null, 1],
  ['pm_pending_decline_expired_card', 'failed', 'expired_card', 0],
])('%s is accepted, and decided five minutes later', async (token, status, code, charges) => {
  const accepted = await aurora.charge(token);
  expect(accepted).toMatchObject({ status: 201, json: { status: 'processing', sequence: 1 } });
  const seen = () => aurora.ask('GET', `/v1/payments/${accepted.json['id']}`);
  await aurora.pass(5 * MINUTE_MS - 1);
  expect((await seen()).json).toMatchObject({ status: 'processing' });
  expect(aurora.aurora.ledger().charges).toEqual([]);
  expect(aurora.receiver.received).toEqual([]);
  await aurora.pass(1);
  expect((await seen()).json).toMatchObject({
    status,
    failure: code && { code },
    sequence: 2,
    updatedAt: '2026-01-05T06:05:00.000Z',
  });
  expect(aurora.aurora.ledger().charges).toHaveLength(charges);
  expect(aurora.receiver.received).toHaveLength(1);
});

// biome-ignore format: a table
test.each<[string, object | string, string | undefined]>([
  ['no key',                    ORDER,                                          undefined],
  ['an empty key',              ORDER,                                          ''],
  ['a key of 65 characters',    ORDER,                                          'k'.repeat(65)],
  ['a reference of 65',         { ...ORDER, merchantReference: 'r'.repeat(65) }, 'k'],
  ['no reference',              { ...ORDER, merchantReference: undefined },     'k'],
  ['an amount of nothing',      { ...ORDER, amount: 0 },                        'k'],
  ['less than nothing',         { ...ORDER, amount: -1250 },                    'k'],
  ['half a penny',              { ...ORDER, amount: 12.5 },                     'k'],
  ['an amount in a text',       { ...ORDER, amount: '1250' },                   'k'],
  ['a currency that is none',   { ...ORDER, currency: 'gbp' },                  'k'],
  ['no card',                   { ...ORDER, paymentMethod: undefined },         'k'],
  ['half a body',               '{"merchantReference":',                        'k'],
])('%s is invalid, and charges nothing', async (_, given, key) => {
  const body = typeof given === 'string' ? given : { paymentMethod: 'pm_ok', ...given };
  const asking = key === undefined ? { body } : { body, key };
  const answer = await aurora.ask('POST', '/v1/payments', asking);
  expect(answer).toMatchObject({ status: 400, json: { error: { type: 'invalid_request' } } });
  expect(aurora.aurora.ledger().charges).toEqual([]);
});

test('a key and a reference of 64 characters are good', async () => {
  const reference = { merchantReference: 'r'.repeat(64) };
  expect(await aurora.charge('pm_ok', reference, 'k'.repeat(64))).toMatchObject({ status: 201 });
});

test.each([
  ['POST', '/v1/payments'],
  ['GET', '/v1/payments'],
  ['GET', '/v1/payments/pay_1'],
  ['POST', '/v1/payments/pay_1/refunds'],
  ['GET', '/v1/refunds'],
  ['GET', '/v1/events'],
])('%s %s with a wrong key is nobody', async (method, path) => {
  const answer = await aurora.ask(method, path, { apiKey: 'sk_other' });
  expect(answer).toMatchObject({ status: 401 });
  expect(answer.json).toEqual({ error: { type: 'authentication_error' } });
});
