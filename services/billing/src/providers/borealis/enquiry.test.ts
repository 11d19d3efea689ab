import { createHttpClient } from '@perennial/service';
import { attempt, refund } from '../../../test/one-attempt';
import { openProvider } from '../../../test/open-provider';
import { coded, ScriptedBank } from '../../../test/scripted-bank';
import type { Script } from '../../../test/scripted-server';
import type { Provider } from '../provider';
import { adapter } from '.';

const http = createHttpClient();
const bank = new ScriptedBank();
let url: string;
let borealis: Provider;
beforeAll(async () => {
  url = await bank.listen();
});
beforeEach(() => {
  const BOREALIS_API_SECRET = 's'.repeat(24);
  const env = { BOREALIS_URL: url, BOREALIS_PARTNER_CODE: 'PRN', BOREALIS_API_SECRET };
  borealis = openProvider(adapter, { http, env, timeoutMs: 500 });
  bank.asked.length = 0;
});
afterAll(async () => {
  http.close();
  await bank.close();
});

const unknown = (detail: string) => ({ outcome: 'unknown', detail });
const said = (status: number) => unknown(`answered ${status}`);
const amount = { amountMinor: 1250, currency: 'GBP' };
const mine = {
  ...{ txnNo: 'T1', extRef: attempt.reference, st: 'A', sum: '12.50', ccy: 'GBP' },
  ...{ revs: [] as object[], updTs: 1_767_592_800 },
};
const found = (more: object) => coded('00', { ...mine, ...more });
const decline = { outcome: 'declined', providerReference: 'T1' };

/** Asked once more perhaps, where there was no answer: asking changes nothing. */
function expectOneQuestion(): void {
  expect(bank.business.length).toBeGreaterThan(0);
  expect(new Set(bank.business.map(({ body }) => body)).size).toBe(1);
}

// biome-ignore format: a table
const NO_EVIDENCE: [string, Script, object][] = [
  ['never comes',                     'hang',                                unknown('timed out')],
  ['is cut',                          'reset',                               unknown('connection lost')],
  ['is a page of HTML',               { body: '<html></html>' },             said(200)],
  ['is half a JSON',                  { body: '{"rc":"00",' },               said(200)],
  ['says 00 and nothing else',        coded('00'),                           said(200)],
  ['has a state that nobody knows',   found({ st: 'X' }),                    said(200)],
  ['has no list of reversals',        found({ revs: undefined }),            said(200)],
  ['has no exact sum',                found({ sum: '12.505' }),              said(200)],
  ['has a sum that is a number',      found({ sum: 12.5 }),                  said(200)],
  ['has a sum of nothing',            found({ sum: '0.00' }),                said(200)],
  ['has a currency that is none',     found({ ccy: 'GBX' }),                 said(200)],
  ['has a reversal without a number', found({ revs: [{ extRef: null, sum: '1.00', st: 'A' }] }), said(200)],
  ['is a decline by code',            coded('51', { ...mine, st: 'D' }),     said(200)],
  ['is 94',                           coded('94', mine),                     unknown('the reference was used before')],
  ['is 95',                           coded('95', mine),                     said(200)],
  ['is 96',                           coded('96', mine),                     unknown('malfunction')],
  ['is 29',                           coded('29', { waitSec: 2 }),           unknown('asked us to slow down')],
  ['is 91',                           coded('91'),                           unknown('bad credentials')],
  ['is a code that nobody knows',     coded('77', mine),                     unknown('answered rc 77')],
  ...[302, 400, 404, 429, 500, 503].map((status): [string, Script, object] => [`is ${status}`, { ...Object(found({})), status }, said(status)]),
];

// biome-ignore format: a table
test.each<[string, Script, object]>([
  ['knows of none',                   coded('25'),                           { outcome: 'not_found' }],
  ['knows of a success',              found({}),                             { outcome: 'succeeded', providerReference: 'T1', amount }],
  ['knows of one in yen',             found({ sum: '1250', ccy: 'JPY' }),    { outcome: 'succeeded', providerReference: 'T1', amount: { amountMinor: 1250, currency: 'JPY' } }],
  ['knows of one that went back',     found({ revs: [{ revNo: 'R1', extRef: null, sum: '12.50', st: 'A' }] }), { outcome: 'succeeded', providerReference: 'T1', amount }],
  ['knows that it is pending',        found({ st: 'P' }),                    { outcome: 'pending', providerReference: 'T1' }],
  ['does not know how it ended',      found({ st: 'U' }),                    unknown('the bank does not know yet')],
  ['knows of a decline',              found({ st: 'D', rsn: 'EXPCARD' }),    { ...decline, reason: 'card_expired', rawReason: null }],
  ['knows that a malfunction was a decline', found({ st: 'D', rsn: '96' }), { ...decline, reason: 'processing_error', rawReason: null }],
  ['knows of a decline, and no why',  found({ st: 'D' }),                    { ...decline, reason: 'unknown', rawReason: null }],
  ['knows a decline by its own word', found({ st: 'D', rsn: 'LOST' }),       { ...decline, reason: 'unknown', rawReason: 'LOST' }],
  ["knows somebody else's",           found({ extRef: 'another' }),          unknown('enquiry answered about another charge')],
  ["knows nobody's",                  found({ extRef: null }),               unknown('enquiry answered about another charge')],
  ['does not say whose it is',        found({ extRef: undefined }),          said(200)],
  ...NO_EVIDENCE,
])('an enquiry about a charge that %s', async (_, script, evidence) => {
  bank.answer = script;
  expect(await borealis.enquire(attempt)).toEqual(evidence);
  expectOneQuestion();
});

const back = { revNo: 'R1', extRef: refund.request?.reference, sum: '2.50', st: 'A' };
const revs = (...all: object[]) => found({ revs: all });
const toldBack = { providerReference: 'R1' };
const sent = { ...toldBack, outcome: 'succeeded', amount: { amountMinor: 250, currency: 'GBP' } };
// biome-ignore format: a table
test.each<[string, Script, object]>([
  ['knows of no reversal',            revs(),                                { outcome: 'not_found' }],
  ["knows only the dashboard's",      revs({ ...back, extRef: null }, { ...back, extRef: 'another' }), { outcome: 'not_found' }],
  ['knows of a success',              revs(back),                            sent],
  ['knows it among others',           revs({ ...back, revNo: 'R0', extRef: null }, back, { ...back, revNo: 'R2', extRef: 'another' }), sent],
  ['knows that it is pending',        revs({ ...back, st: 'P' }),            { ...toldBack, outcome: 'pending' }],
  ['knows of a failure',              revs({ ...back, st: 'D' }),            { ...toldBack, outcome: 'failed' }],
  ['knows of a failure and a success', revs({ ...back, revNo: 'R0', st: 'D' }, back), sent],
  ['does not know how it ended',      revs({ ...back, st: 'U' }),            unknown('the bank does not know yet')],
  ['knows another charge',            coded('00', { ...mine, txnNo: 'T2', revs: [back] }), unknown('enquiry answered about another charge')],
  // The charge is there: whoever does not find it says nothing about its reversals.
  ['does not find the charge',        coded('25'),                           unknown('the bank does not find the charge')],
  ...NO_EVIDENCE,
])('an enquiry about a refund that %s', async (_, script, evidence) => {
  bank.answer = script;
  expect(await borealis.enquireRefund(refund, 'T1')).toEqual(evidence);
  expectOneQuestion();
});
