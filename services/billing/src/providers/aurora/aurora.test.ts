import {
  createHttpClient,
  type HttpClient,
  HttpFailure,
  type HttpFailureCode,
} from '@perennial/service';
import { attempt, refund } from '../../../test/one-attempt';
import { openProvider } from '../../../test/open-provider';
import { type Script, ScriptedServer } from '../../../test/scripted-server';
import type { Provider } from '../provider';
import { adapter } from '.';

const http = createHttpClient();
const server = new ScriptedServer();
let url: string;
let aurora: Provider;
const open = (at: string, client: HttpClient = http) =>
  openProvider(adapter, { http: client, env: { AURORA_URL: at, AURORA_API_KEY: 'sk_test' } });
beforeAll(async () => {
  url = await server.listen();
});
beforeEach(() => {
  aurora = open(`${url}/`);
  server.asked.length = 0;
});
afterAll(async () => {
  http.close();
  await server.close();
});

const json = (status: number, value: object, headers = {}): Script => ({
  status,
  headers,
  body: JSON.stringify(value),
});
const paid = { id: 'pay_1', status: 'succeeded', amount: 1250, currency: 'GBP' };
const declined = (declineCode?: string | null, paymentId: string | null = 'pay_1') =>
  json(402, { error: { type: 'card_error', code: 'card_declined', declineCode, paymentId } });
const because = (reason: string, rawReason: string | null = null) => ({
  outcome: 'declined',
  reason,
  rawReason,
  providerReference: 'pay_1',
});
const unknown = (detail: string) => ({ outcome: 'unknown', detail });
const refused = (detail: string) => ({ outcome: 'refused', detail });
const notSent = (detail: string, waitMs: number | null = null, arrived = true) => ({
  ...{ outcome: 'not_sent', detail, waitMs, arrived },
});
const success = {
  outcome: 'succeeded',
  providerReference: 'pay_1',
  amount: { amountMinor: 1250, currency: 'GBP' },
};
const pending = { outcome: 'pending', providerReference: 'pay_1' };
const replayed = { 'Idempotent-Replayed': 'true' };
const after = (seconds: string) => ({ 'Retry-After': seconds });
const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
const error = (code: string) => ({ error: { type: 'invalid_request', code } });

// biome-ignore format: a table
const EVERY_CALL: [string, Script, object][] = [
  ['never comes',                          'hang',                                  unknown('timed out')],
  ['is cut before it begins',              'reset',                                 unknown('connection lost')],
  ['is cut in the middle',                 'cut',                                   unknown('connection lost')],
  ['is longer than anything of Aurora',    { status: 201, body: 'x'.repeat(2 ** 20 + 1) }, unknown('answer too large')],
  ['is a page of HTML',                    page,                                    unknown('answered 200')],
  ['is a page of HTML under 201',          { ...page, status: 201 },                unknown('unreadable answer')],
  ['is half a JSON',                       { status: 201, body: '{"id":"pay_1",' }, unknown('unreadable answer')],
  ['is empty',                             { status: 201 },                         unknown('unreadable answer')],
  ['has a status that nobody knows',       json(201, { ...paid, status: 'settling' }), unknown('unreadable answer')],
  ['has no id',                            json(201, { ...paid, id: undefined }),      unknown('unreadable answer')],
  ['is nothing',                           { status: 204 },                         unknown('answered 204')],
  ['is 200, which Aurora never says',      json(200, paid),                         unknown('answered 200')],
  ['is 500',                               json(500, { error: { type: 'api_error' } }), unknown('answered 500')],
  ['is 500, kept under the key',           json(500, { error: {} }, replayed),      unknown('answered 500')],
  ['is 502 from something between',        { ...page, status: 502 },                unknown('answered 502')],
  ['is 504 from something between',        { ...page, status: 504 },                unknown('answered 504')],
  ['is 503, before any work',              json(503, {}),                           notSent('answered 503')],
  ['is 503 and a wish to wait',            json(503, {}, after('30')),              notSent('answered 503', 30_000)],
  ['is 503, kept under the key',           json(503, {}, replayed),                 unknown('answered 503')],
  ['is 429',                               json(429, {}),                           notSent('answered 429', 1_000)],
  ['is 429 and a wish to wait',            json(429, {}, after('2')),               notSent('answered 429', 2_000)],
  ['is 429 and a wish to wait for days',   json(429, {}, after('999999')),          notSent('answered 429', 3_600_000)],
  ['is 429 and a wait that is no number',  json(429, {}, after('tomorrow')),        notSent('answered 429', 1_000)],
  ['is 429 and a wait before now',         json(429, {}, after('-5')),              notSent('answered 429', 1_000)],
  ['is 401: our key is wrong',             json(401, { error: {} }),                notSent('answered 401')],
  ['is 400',                               json(400, error('invalid')),             refused('answered 400')],
  ['is 403',                               json(403, {}),                           refused('answered 403')],
  ['is 404',                               json(404, error('not_found')),           refused('answered 404')],
  ['is 409: the key is in progress',       json(409, error('key_in_progress')),     unknown('the same key is in progress')],
  ['is 409 and nothing more',              { status: 409 },                         unknown('the same key is in progress')],
];

// biome-ignore format: a table
const REDIRECTS: [string, Script, object][] = [301, 302, 303, 307, 308].map((status) => [
  `leads elsewhere (${status})`, { status, headers: { location: '/elsewhere' } }, unknown(`answered ${status}`),
]);

// biome-ignore format: a table
const CHARGES: [string, Script, object][] = [
  ['is a success',                         json(201, paid),                         success],
  ['is a success, kept under the key',     json(201, paid, replayed),               success],
  ['is still processing',                  json(201, { ...paid, status: 'processing' }), pending],
  ['has failed under 201',                 json(201, { ...paid, status: 'failed', failure: { code: 'expired_card' } }), because('card_expired')],
  ['has failed and nobody says why',       json(201, { ...paid, status: 'failed', failure: null }), because('unknown')],
  // Money moved: that it is the wrong sum is for the rules to report.
  ['is a success of another amount',       json(201, { ...paid, amount: 1 }),       { ...success, amount: { amountMinor: 1, currency: 'GBP' } }],
  ['is a success in another currency',     json(201, { ...paid, currency: 'EUR' }), { ...success, amount: { amountMinor: 1250, currency: 'EUR' } }],
  ['is a success of no amount',            json(201, { ...paid, amount: undefined }), unknown('unreadable answer')],
  ['is a success of half a penny',         json(201, { ...paid, amount: 12.5 }),    unknown('unreadable answer')],
  ['is declined: insufficient_funds',      declined('insufficient_funds'),          because('insufficient_funds')],
  ['is declined: expired_card',            declined('expired_card'),                because('card_expired')],
  ['is declined: card_declined',           declined('card_declined'),               because('do_not_honor')],
  ['is declined: do_not_honor',            declined('do_not_honor'),                because('do_not_honor')],
  ['is declined: fraud_suspected',         declined('fraud_suspected'),             because('suspected_fraud')],
  ['is declined: processing_error',        declined('processing_error'),            because('processing_error')],
  ['is declined: a word of its own',       declined('lost_in_the_post'),            because('unknown', 'lost_in_the_post')],
  ['is declined: a word of JavaScript',    declined('constructor'),                 because('unknown', 'constructor')],
  ['is declined: a very long word',        declined('x'.repeat(300)),               because('unknown', 'x'.repeat(255))],
  ['is declined without a reason',         declined(null),                          because('unknown')],
  ['is declined without a payment',        declined('do_not_honor', null),          { ...because('do_not_honor'), providerReference: null }],
  ['is 402 and says nothing of a card',    json(402, { error: { type: 'billing' } }), unknown('unreadable decline')],
  ['is 422: the key had another body',     json(422, error('key_reused')),          refused('answered 422')],
  ['is 402 and a page of HTML',            { ...page, status: 402 },                unknown('unreadable decline')],
];

test.each([...CHARGES, ...EVERY_CALL, ...REDIRECTS])(
  'the answer to a charge %s',
  async (_, script, evidence) => {
    server.script = script;
    expect(await aurora.charge(attempt)).toEqual(evidence);
    expect(server.asked).toHaveLength(1);
  },
);

const back = { id: 're_1', status: 'succeeded', amount: 250, currency: 'GBP' };
const [toldBack, amount] = [{ providerReference: 're_1' }, { amountMinor: 250, currency: 'GBP' }];
// biome-ignore format: a table
const REFUNDS: [string, Script, object][] = [
  ['is a success',                         json(201, back),                         { ...toldBack, outcome: 'succeeded', amount }],
  ['is pending',                           json(201, { ...back, status: 'pending' }), { ...toldBack, outcome: 'pending' }],
  ['is a failure',                         json(201, { ...back, status: 'failed' }), { ...toldBack, outcome: 'failed' }],
  ['is 409: there is nothing to refund',   json(409, error('payment_not_refundable')), refused('payment_not_refundable')],
  // Not refused: that would say that no money has moved.
  ['is 422: the key had another body',     json(422, error('key_reused')),          unknown('the key had another body')],
  ['is 400: more than was charged',        json(400, error('refund_exceeds_payment')), refused('answered 400')],
];

test.each([...REFUNDS, ...EVERY_CALL, ...REDIRECTS])(
  'the answer to a refund %s',
  async (_, script, evidence) => {
    server.script = script;
    expect(await aurora.refund(refund, 'pay_1')).toEqual(evidence);
    expect(server.asked).toHaveLength(1);
  },
);

test.each<[HttpFailureCode, boolean, object]>([
  ['refused', false, notSent('connection refused', null, false)],
  ['unreachable', false, notSent('unreachable', null, false)],
  ['timeout', false, notSent('connecting timed out', null, false)],
  ['timeout', true, unknown('timed out')],
  ['reset', true, unknown('connection lost')],
  ['unreadable', true, unknown('unreadable answer')],
])('%s, and whether it may have been sent is %s', async (code, sent, evidence) => {
  const send = () => Promise.reject(new HttpFailure(code, sent));
  const silent = open(url, { send });
  const { detail } = evidence as { detail: string };
  expect(await silent.charge(attempt)).toEqual(evidence);
  expect(await silent.refund(refund, 'pay_1')).toEqual(evidence);
  expect(await silent.enquire(attempt)).toEqual(unknown(detail));
  expect(await silent.enquireRefund(refund, 'pay_1')).toEqual(unknown(detail));
});

test('nobody listens: nothing was sent, and an enquiry knows no more', async () => {
  const gone = new ScriptedServer();
  const closed = open(await gone.listen());
  await gone.close();
  expect(await closed.charge(attempt)).toEqual(notSent('connection refused', null, false));
  expect(await closed.enquire(attempt)).toEqual(unknown('connection refused'));
});
