import { createHttpClient } from '@perennial/service';
import { attempt, refund } from '../../../test/one-attempt';
import { openProvider } from '../../../test/open-provider';
import { type Script, ScriptedServer } from '../../../test/scripted-server';
import type { Provider } from '../provider';
import { adapter } from '.';

const http = createHttpClient();
const server = new ScriptedServer();
let aurora: Provider;
let url: string;
beforeAll(async () => {
  url = `${await server.listen()}/`;
});
beforeEach(() => {
  const env = { AURORA_URL: url, AURORA_API_KEY: 'sk_test' };
  aurora = openProvider(adapter, { http, env });
  server.asked.length = 0;
});
afterAll(async () => {
  http.close();
  await server.close();
});

const list = (...data: object[]): Script => ({
  body: JSON.stringify({ data, hasMore: false, nextCursor: null }),
});
const unknown = (detail: string) => ({ outcome: 'unknown', detail });
const said = (status: number) => unknown(`answered ${status}`);

const mine = {
  ...{ id: 'pay_1', merchantReference: attempt.reference },
  ...{ amount: 1250, currency: 'GBP' },
};
const succeeded = { ...mine, id: 'pay_2', status: 'succeeded' };
const failed = { ...mine, status: 'failed', failure: { code: 'expired_card' } };
const success = {
  ...{ outcome: 'succeeded', providerReference: 'pay_2' },
  amount: { amountMinor: 1250, currency: 'GBP' },
};
const decline = {
  outcome: 'declined',
  reason: 'card_expired',
  rawReason: null,
  providerReference: 'pay_1',
};
const pending = { outcome: 'pending', providerReference: 'pay_1' };
const others = unknown('enquiry answered about other payments');

/** Asked once more perhaps, where there was no answer: asking changes nothing. */
function expectOneQuestion(): void {
  expect(server.asked.length).toBeGreaterThan(0);
  expect(new Set(server.asked.map(({ method, path }) => `${method} ${path}`)).size).toBe(1);
}

// biome-ignore format: a table
const NO_EVIDENCE: [string, Script, object][] = [
  ['never comes',                    'hang',                                unknown('timed out')],
  ['is cut',                         'reset',                               unknown('connection lost')],
  ['is a page of HTML',              { body: '<html></html>' },             said(200)],
  ['is half a JSON',                 { body: '{"data":[' },                 said(200)],
  ['is no list',                     { body: '{}' },                        said(200)],
  ['has a status that nobody knows', list({ ...mine, status: 'settling' }), said(200)],
  ['does not say whose it is',       list({ ...succeeded, merchantReference: undefined }), said(200)],
  ['leads elsewhere',                { status: 302, headers: { location: '/' } }, said(302)],
  ...[400, 401, 404, 429, 500, 503].map((status): [string, Script, object] => [`is ${status}`, { ...Object(list()), status }, said(status)]),
];

// biome-ignore format: a table
test.each<[string, Script, object]>([
  ['knows of none',                  list(),                                { outcome: 'not_found' }],
  ['knows of a success',             list(succeeded),                       success],
  ['knows of a decline',             list(failed),                          decline],
  ['knows that it is processing',    list({ ...mine, status: 'processing' }), pending],
  ['knows a decline and a success',  list(failed, succeeded),               success],
  ["knows somebody else's",          list({ ...succeeded, merchantReference: 'another' }), others],
  ['knows everybody, and us',        list({ ...failed, merchantReference: 'another' }, succeeded), others],
  ...NO_EVIDENCE,
])('an enquiry about a charge that %s', async (_, script, evidence) => {
  server.script = script;
  expect(await aurora.enquire(attempt)).toEqual(evidence);
  expectOneQuestion();
});

const back = {
  ...{ id: 're_1', merchantReference: refund.request?.reference },
  ...{ amount: 250, currency: 'GBP' },
};
// biome-ignore format: a table
test.each<[string, Script, object]>([
  ['knows of none',               list(),                               { outcome: 'not_found' }],
  ['knows of a success',          list({ ...back, status: 'succeeded' }), { outcome: 'succeeded', providerReference: 're_1', amount: { amountMinor: 250, currency: 'GBP' } }],
  ['knows that it is pending',    list({ ...back, status: 'pending' }), { outcome: 'pending', providerReference: 're_1' }],
  ['knows of a failure',          list({ ...back, status: 'failed' }),  { outcome: 'failed', providerReference: 're_1' }],
  ["knows one of the dashboard's", list({ ...back, merchantReference: null, status: 'succeeded' }), unknown('enquiry answered about other refunds')],
  ...NO_EVIDENCE,
])('an enquiry about a refund that %s', async (_, script, evidence) => {
  server.script = script;
  expect(await aurora.enquireRefund(refund, 'pay_1')).toEqual(evidence);
  expectOneQuestion();
});

const { reference, body = '' } = refund.request ?? {};
// biome-ignore format: a table
test.each<[string, () => Promise<unknown>, string, string, string | undefined, string]>([
  ['a charge',             () => aurora.charge(attempt),        'POST', '/v1/payments', attempt.idempotencyKey, attempt.body],
  ['a refund',             () => aurora.refund(refund, 'pay/1'), 'POST', '/v1/payments/pay%2F1/refunds', refund.id, body],
  ['an enquiry',           () => aurora.enquire(attempt),       'GET',  `/v1/payments?merchantReference=${attempt.reference}`, undefined, ''],
  ["a refund's enquiry",   () => aurora.enquireRefund(refund, 'pay_1'),  'GET',  `/v1/refunds?merchantReference=${reference}`, undefined, ''],
])('%s is sent as it was committed, byte for byte', async (_, call, method, path, key, sent) => {
  server.script = list();
  await call();
  const headers = { authorization: 'Bearer sk_test' };
  expect(server.asked).toMatchObject([{ method, path, headers, body: sent }]);
  expect(server.asked[0]?.headers['idempotency-key']).toBe(key);
});

test('a refund that somebody made in the dashboard is never sent', async () => {
  const theirs = { ...refund, request: null };
  const evidence = { outcome: 'refused', detail: 'not a refund of ours' };
  expect(await aurora.refund(theirs, 'pay_1')).toEqual(evidence);
  expect(await aurora.enquireRefund(theirs, 'pay_1')).toEqual(evidence);
  expect(server.asked).toEqual([]);
});

test('Aurora keeps a key for a day, sees a payment at once, and counts in minor units', () => {
  const { sheet } = aurora;
  expect(sheet).toMatchObject({ keyLifetimeMs: 86_400_000, enquiryLagMs: 0 });
  const amount = { amountMinor: 1250, currency: 'GBP' };
  const charge = { reference: 'ref', amount, paymentMethod: 'pm_1', at: attempt.startedAt };
  expect(JSON.parse(sheet.chargeBody(charge))).toEqual({
    merchantReference: 'ref',
    amount: 1250,
    currency: 'GBP',
    paymentMethod: 'pm_1',
  });
  const order = { reference: 'ref', amount, reason: 'duplicate', paymentReference: 'pay_1' };
  expect(JSON.parse(sheet.refundBody(order))).toEqual({
    merchantReference: 'ref',
    amount: 1250,
    reason: 'duplicate',
  });
});
