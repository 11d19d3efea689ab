import { createHttpClient } from '@perennial/service';
import { attempt, refund } from '../../../test/one-attempt';
import { openProvider } from '../../../test/open-provider';
import { coded, ScriptedBank } from '../../../test/scripted-bank';
import type { Script } from '../../../test/scripted-server';
import type { Provider } from '../provider';
import { adapter } from '.';

const http = createHttpClient();
const bank = new ScriptedBank();
const secret = 's'.repeat(24);
let url: string;
let borealis: Provider;
beforeAll(async () => {
  url = `${await bank.listen()}/`;
});
beforeEach(() => {
  const env = { BOREALIS_URL: url, BOREALIS_PARTNER_CODE: 'PRN', BOREALIS_API_SECRET: secret };
  borealis = openProvider(adapter, { http, env, timeoutMs: 500 });
  bank.asked.length = 0;
});
afterAll(async () => {
  http.close();
  await bank.close();
});

const because = (reason: string, rawReason: string | null = null) => ({
  ...{ outcome: 'declined', reason, rawReason, providerReference: 'T1' },
});
const nameless = (evidence: object) => ({ ...evidence, providerReference: null });
const unknown = (detail: string) => ({ outcome: 'unknown', detail });
const refused = (detail: string) => ({ outcome: 'refused', detail });
const notSent = (detail: string, waitMs: number | null = null, arrived = true) => ({
  ...{ outcome: 'not_sent', detail, waitMs, arrived },
});
const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
const decline = (rc: string, more: object = {}) => coded(rc, { txnNo: 'T1', st: 'D', ...more });

// biome-ignore format: a table
const EVERY_CALL: [string, Script, object][] = [
  ['never comes',                          'hang',                             unknown('timed out')],
  ['is cut before it begins',              'reset',                            unknown('connection lost')],
  ['is cut in the middle',                 'cut',                              unknown('connection lost')],
  ['is longer than anything of a bank',    { body: 'x'.repeat(2 ** 20 + 1) },  unknown('answer too large')],
  ['is a page of HTML',                    page,                               unknown('answered 200')],
  ['is half a JSON',                       { body: '{"rc":"00","txnNo":' },    unknown('answered 200')],
  ['is empty',                             {},                                 unknown('answered 200')],
  ['is a list',                            { body: '["00"]' },                 unknown('answered 200')],
  ['has no code',                          { body: '{"txnNo":"T1","st":"A"}' }, unknown('answered 200')],
  ['has a code that is a number',          { body: '{"rc":0,"st":"A"}' },      unknown('answered 200')],
  ['has a code that nobody knows',         coded('77', { txnNo: 'T1', revNo: 'R1', st: 'A' }), unknown('answered rc 77')],
  ['has a code of JavaScript',             coded('constructor'),               unknown('answered rc constructor')],
  ['is 29: too fast',                      coded('29', { waitSec: 7 }),        notSent('asked us to slow down', 7_000)],
  ['is 29 and no wait',                    coded('29'),                        notSent('asked us to slow down', 1_000)],
  ['is 29 and a wait for days',            coded('29', { waitSec: 999_999 }),  notSent('asked us to slow down', 3_600_000)],
  ['is 29 and a wait that is no number',   coded('29', { waitSec: 'soon' }),   notSent('asked us to slow down', 1_000)],
  ['is 29 and a wait before now',          coded('29', { waitSec: -5 }),       notSent('asked us to slow down', 1_000)],
  ['is 91: our secret is wrong',           coded('91'),                        notSent('bad credentials')],
  ['is 94: the reference was used',        coded('94'),                        unknown('the reference was used before')],
  ['is 94 and looks like a success',       coded('94', { txnNo: 'T1', revNo: 'R1', st: 'A' }), unknown('the reference was used before')],
  ['is 96: malfunction',                   coded('96'),                        unknown('malfunction')],
  ['is 96 and looks like a decline',       decline('96'),                      unknown('malfunction')],
  ['is 401 without a code',                { ...page, status: 401 },           notSent('answered 401')],
  ['is 401 with 91',                       coded('91', {}, 401),               notSent('answered 401')],
  ['is 401 and looks like a success',      coded('00', { txnNo: 'T1', revNo: 'R1', st: 'A' }, 401), notSent('answered 401')],
  ['is 500 and a page of HTML',            { ...page, status: 500 },           unknown('answered 500')],
  ['is 502 from something between',        { ...page, status: 502 },           unknown('answered 502')],
  ['is 500 and looks like a decline',      { ...Object(decline('51')), status: 500 }, unknown('answered 500')],
  ['is 503, before any work',              { ...page, status: 503 },           notSent('answered 503')],
  ['is 429 from something between',        { ...page, status: 429 },           notSent('answered 429', 1_000)],
  ['is 400',                               { ...page, status: 400 },           refused('answered 400')],
  ['is 404',                               { ...page, status: 404 },           refused('answered 404')],
  ['leads elsewhere',                      { status: 302, headers: { location: '/' } }, unknown('answered 302')],
];

const done = (more: object) => coded('00', { txnNo: 'T1', ...more });
const success = { outcome: 'succeeded', providerReference: 'T1' };
const another = unknown('answered about another charge');
const torn = unknown('a decline that contradicts itself');
// biome-ignore format: a table
const CHARGES: [string, Script, object][] = [
  ['is approved',                          done({ st: 'A' }),                  success],
  ['is approved, and ours',                done({ st: 'A', extRef: attempt.reference }), success],
  ["is approved, and somebody else's",     done({ st: 'A', extRef: 'another' }), another],
  ["is a decline, and somebody else's",    decline('51', { extRef: 'another' }), another],
  ['is approved without a number',         coded('00', { st: 'A' }),           unknown('answered 200')],
  ['is approved, its number a number',     done({ st: 'A', txnNo: 12 }),       unknown('answered 200')],
  ['is approved, its number too long',     done({ st: 'A', txnNo: 'T'.repeat(65) }), unknown('answered 200')],
  ['is pending',                           done({ st: 'P' }),                  { outcome: 'pending', providerReference: 'T1' }],
  ['is unknown to the bank itself',        done({ st: 'U' }),                  unknown('the bank does not know yet')],
  ['has a state that nobody knows',        done({ st: 'X' }),                  unknown('answered 200')],
  ['has no state',                         done({}),                           unknown('answered 200')],
  ['is declined under 00',                 done({ st: 'D' }),                  because('unknown')],
  ['is declined under 00, with a reason',  done({ st: 'D', rsn: 'FRD' }),      because('suspected_fraud')],
  ['is 05',                                decline('05'),                      because('do_not_honor')],
  ['is 05, DNH',                           decline('05', { rsn: 'DNH' }),      because('do_not_honor')],
  ['is 14: the card is unknown',           decline('14'),                      because('unknown', '14')],
  ['is 14 with a word of its own',         decline('14', { rsn: 'NOCARD' }),   because('unknown', 'NOCARD')],
  ['is 51',                                decline('51'),                      because('insufficient_funds')],
  ['is 51, INSUFF',                        decline('51', { rsn: 'INSUFF' }),   because('insufficient_funds')],
  ['is 54',                                decline('54'),                      because('card_expired')],
  ['is 54, EXPCARD',                       decline('54', { rsn: 'EXPCARD' }),  because('card_expired')],
  ['is 59',                                decline('59'),                      because('suspected_fraud')],
  ['is 59, FRD',                           decline('59', { rsn: 'FRD' }),      because('suspected_fraud')],
  // Enquiry and webhook will say this word and no code: one decline has one name.
  ['is 05 with a word of its own',         decline('05', { rsn: 'LOST' }),     because('unknown', 'LOST')],
  ['is 05 with a word of JavaScript',      decline('05', { rsn: 'constructor' }), because('unknown', 'constructor')],
  ['is 05 with a very long word',          decline('05', { rsn: 'X'.repeat(300) }), because('unknown', 'X'.repeat(255))],
  ['is 05 and the word of another code',   decline('05', { rsn: 'INSUFF' }),   because('insufficient_funds')],
  ['is 51 without a number',               coded('51', { st: 'D' }),           nameless(because('insufficient_funds'))],
  ['is 51 without a state',                coded('51', { txnNo: 'T1' }),       because('insufficient_funds')],
  ['is 51 and approved',                   decline('51', { st: 'A' }),         torn],
  ['is 51 and pending',                    decline('51', { st: 'P' }),         torn],
  ['is 25, which no charge is answered',   coded('25'),                        unknown('answered rc 25')],
  ['is 95: used before with another sum',  coded('95'),                        refused('the reference was used before, with another sum')],
];

test.each([...CHARGES, ...EVERY_CALL])('the answer to a charge %s', async (_, script, evidence) => {
  bank.answer = script;
  expect(await borealis.charge(attempt)).toEqual(evidence);
  expect(bank.business).toHaveLength(1);
});

const back = (more: object) => coded('00', { revNo: 'R1', ...more });
const toldBack = { providerReference: 'R1' };
const anothers = unknown('answered about another refund');
// biome-ignore format: a table
const REFUNDS: [string, Script, object][] = [
  ['is approved',                          back({ st: 'A' }),                  { ...toldBack, outcome: 'succeeded' }],
  ['is approved, and ours',                back({ st: 'A', extRef: refund.request?.reference, origTxnNo: 'T1' }), { ...toldBack, outcome: 'succeeded' }],
  ["is approved, and somebody else's",     back({ st: 'A', extRef: 'another' }), anothers],
  ['is approved, of another charge',       back({ st: 'A', origTxnNo: 'T2' }), anothers],
  ['is approved without a number',         coded('00', { st: 'A' }),           unknown('answered 200')],
  ['is pending',                           back({ st: 'P' }),                  { ...toldBack, outcome: 'pending' }],
  ['is unknown to the bank itself',        back({ st: 'U' }),                  unknown('the bank does not know yet')],
  ['is declined',                          back({ st: 'D' }),                  { ...toldBack, outcome: 'failed' }],
  ['is 05',                                coded('05', { revNo: 'R1', st: 'D' }), { ...toldBack, outcome: 'failed' }],
  ['is 51 without a number',               coded('51'),                        nameless({ outcome: 'failed' })],
  ['is 51 and approved',                   coded('51', { revNo: 'R1', st: 'A' }), unknown('a refusal that contradicts itself')],
  ['is 25: there is no such charge',       coded('25'),                        refused('there is no such charge')],
  // Not refused: that would say that no money has moved.
  ['is 95: used before with another sum',  coded('95'),                        unknown('the reference was used before, with another sum')],
];

test.each([...REFUNDS, ...EVERY_CALL])('the answer to a refund %s', async (_, script, evidence) => {
  bank.answer = script;
  expect(await borealis.refund(refund, 'T1')).toEqual(evidence);
  expect(bank.business).toHaveLength(1);
});

const body = refund.request?.body ?? '';
// biome-ignore format: a table
test.each<[string, () => Promise<unknown>, string, string]>([
  ['a charge',            () => borealis.charge(attempt),             '/api/charge',  attempt.body],
  ['a refund',            () => borealis.refund(refund, 'T1'),        '/api/reverse', body],
  ['an enquiry',          () => borealis.enquire(attempt),            '/api/enquire', `{"extRef":"${attempt.reference}"}`],
  ["a refund's enquiry",  () => borealis.enquireRefund(refund, 'T1'), '/api/enquire', '{"txnNo":"T1"}'],
])('%s is sent as it was committed, byte for byte', async (_, call, path, sent) => {
  bank.answer = coded('25');
  await call();
  const headers = { 'x-session-token': 'tok_1', 'content-type': 'application/json' };
  expect(bank.business).toMatchObject([{ method: 'POST', path, headers, body: sent }]);
});

test('a refund that somebody made in the dashboard is never sent', async () => {
  const theirs = { ...refund, request: null };
  const evidence = refused('not a refund of ours');
  expect(await borealis.refund(theirs, 'T1')).toEqual(evidence);
  expect(await borealis.enquireRefund(theirs, 'T1')).toEqual(evidence);
  expect(bank.asked).toEqual([]);
});

test.each([
  ['GBP', 1_250, '12.50'],
  ['GBP', 5, '0.05'],
  ['JPY', 1_250, '1250'],
  ['KWD', 1_250, '1.250'],
])('%s %i is written as %s', (currency, amountMinor, sum) => {
  const amount = { amountMinor, currency };
  const at = attempt.startedAt;
  const charge = borealis.sheet.chargeBody({ reference: 'f0', amount, paymentMethod: 'ct_1', at });
  const whenTs = 1_767_592_800;
  expect(charge).toBe(
    `{"extRef":"f0","cardToken":"ct_1","sum":"${sum}","ccy":"${currency}","whenTs":${whenTs}}`,
  );
  const order = { reference: 'f1', amount, reason: 'duplicate', paymentReference: 'T1' };
  expect(borealis.sheet.refundBody(order)).toBe(
    `{"extRef":"f1","origTxnNo":"T1","sum":"${sum}","rsnCode":"DUPL"}`,
  );
});

test.each([
  ['requested_by_customer', 'CUST'],
  ['duplicate', 'DUPL'],
  ['fraudulent', 'FRAUD'],
  ['service_not_provided', 'NOSVC'],
  ['unknown', 'CUST'],
])('a refund because of %s is %s', (reason, rsnCode) => {
  const amount = { amountMinor: 1, currency: 'GBP' };
  const order = { reference: 'f1', amount, reason, paymentReference: 'T1' };
  expect(JSON.parse(borealis.sheet.refundBody(order))).toMatchObject({ rsnCode });
});

// biome-ignore format: a table
test.each<[string, object, string]>([
  ['a secret of 23 bytes',   { BOREALIS_API_SECRET: 's'.repeat(23) },   'BOREALIS_API_SECRET'],
  ['no secret',              { BOREALIS_API_SECRET: undefined },        'BOREALIS_API_SECRET'],
  ['no partner code',        { BOREALIS_PARTNER_CODE: undefined },      'BOREALIS_PARTNER_CODE'],
  ['a partner code with |',  { BOREALIS_PARTNER_CODE: 'a|b' },          'BOREALIS_PARTNER_CODE'],
  ['no calls at all',        { BOREALIS_CALLS_PER_SECOND: '0' },        'BOREALIS_CALLS_PER_SECOND'],
  ['an address that is none', { BOREALIS_URL: 'bank' },                 'BOREALIS_URL'],
])('%s is refused, by its name', (_, wrong, name) => {
  const right = { BOREALIS_URL: url, BOREALIS_PARTNER_CODE: 'PRN', BOREALIS_API_SECRET: secret };
  expect(adapter.settings.safeParse({ ...right, ...wrong }).error?.issues).toMatchObject([
    { path: [name] },
  ]);
});

test('each process takes ten calls a second, or its share of them', () => {
  expect(borealis.sheet.callsPerSecond).toBe(10);
  const share = { BOREALIS_CALLS_PER_SECOND: '2.5' };
  const env = { BOREALIS_URL: url, BOREALIS_PARTNER_CODE: 'PRN', BOREALIS_API_SECRET: secret };
  expect(openProvider(adapter, { http, env: { ...env, ...share } }).sheet.callsPerSecond).toBe(2.5);
});
