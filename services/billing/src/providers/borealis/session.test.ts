import { createHmac } from 'node:crypto';
import { addMs, msOf, parseInstant } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { createHttpClient, ManualClock } from '@perennial/service';
import { attempt, refund } from '../../../test/one-attempt';
import { openProvider } from '../../../test/open-provider';
import { coded, ScriptedBank } from '../../../test/scripted-bank';
import type { Asked, Script } from '../../../test/scripted-server';
import { endOfCall, Line } from '../line/line';
import type { Provider } from '../provider';
import { adapter } from '.';
import { Sessions } from './session';

const START = parseInstant('2026-01-05T06:00:00Z');
const secret = 'a secret of thirty-one letters.';
const http = createHttpClient();
const bank = new ScriptedBank();
let url: string;
let clock: ManualClock;
let borealis: Provider;
/** Tokens that count, newest last. */
let live: string[];
let mostLive: number;
let opened: number;
let validFor: number;

const open = (timeoutMs = 1_000, at = url) => {
  const env = { BOREALIS_URL: at, BOREALIS_PARTNER_CODE: 'PRN', BOREALIS_API_SECRET: secret };
  return openProvider(adapter, { http, env, clock, timeoutMs });
};
const logIn = (): Script => {
  opened += 1;
  live = [...live, `tok_${opened}`].slice(-mostLive);
  return coded('00', { sessionToken: live.at(-1), validFor });
};
const isLive = ({ headers }: Asked) => live.includes(String(headers['x-session-token']));

beforeAll(async () => {
  url = await bank.listen();
});
beforeEach(() => {
  clock = new ManualClock(START);
  [live, mostLive, opened, validFor] = [[], 3, 0, 600];
  bank.asked.length = 0;
  bank.session = logIn;
  bank.answer = (asked) => (isLive(asked) ? coded('00', { txnNo: 'T1', st: 'A' }) : coded('93'));
  borealis = open();
});
afterAll(async () => {
  http.close();
  await bank.close();
});

const at = (ms: number) => clock.set(addMs(START, ms));
const charge = () => borealis.charge(attempt);
const fifty = () => Promise.all(Array.from({ length: 50 }, charge));
const success = { outcome: 'succeeded', providerReference: 'T1' };
const notSent = (detail: string, waitMs: number | null = null, arrived = false) => ({
  ...{ outcome: 'not_sent', detail, waitMs, arrived },
});

test('fifty calls at once log in once, and share the session', async () => {
  expect(await fifty()).toEqual(Array(50).fill(success));
  expect(bank.logIns).toHaveLength(1);
  const tokens = bank.business.map(({ headers }) => headers['x-session-token']);
  expect(tokens).toEqual(Array(50).fill('tok_1'));
  expect(await charge()).toEqual(success);
  expect(bank.logIns).toHaveLength(1);
});

test('the proof is over partner, nonce and time, and no nonce comes twice', async () => {
  await charge();
  await open().charge(attempt);
  const said = bank.logIns.map(({ body }) => JSON.parse(body));
  for (const { nonce, ts, proof, ...rest } of said) {
    expect(nonce).toMatch(/^[0-9a-f]{16,64}$/);
    expect(ts).toBe(msOf(START) / 1000);
    const content = `PRN|${nonce}|${ts}`;
    expect(proof).toBe(createHmac('sha256', secret).update(content).digest('hex'));
    expect(rest).toEqual({ partnerCode: 'PRN' });
  }
  expect(new Set(said.map(({ nonce }) => nonce)).size).toBe(2);
});

test.each<[number, number, number]>([
  [600, 539_999, 1],
  [600, 540_000, 2],
  [10, 7_999, 1],
  [10, 8_000, 2],
  [86_400, 86_339_999, 1],
  [86_400, 86_340_000, 2],
])('of a session for %i s, after %i ms there have been %i', async (seconds, ms, logIns) => {
  validFor = seconds;
  await charge();
  await at(ms);
  await fifty();
  expect(bank.logIns).toHaveLength(logIns);
});

test('a session that could not be replaced counts to its end, and the bank is left in peace', async () => {
  await charge();
  bank.session = () => coded('96');
  await at(540_000);
  expect(await charge()).toEqual(success);
  expect(await charge()).toEqual(success);
  expect(bank.logIns).toHaveLength(2);
  await at(599_999);
  expect(await charge()).toEqual(success);
  expect(bank.logIns).toHaveLength(3);
  await at(605_000);
  expect(await charge()).toEqual(notSent('no session: malfunction'));
});

test.each([200, 401])(
  'a session that ended early (%i) is replaced once for all',
  async (status) => {
    await charge();
    live = [];
    bank.answer = (asked) =>
      isLive(asked) ? coded('00', { txnNo: 'T1', st: 'A' }) : coded('93', {}, status);
    expect(await fifty()).toEqual(Array(50).fill(success));
    expect(bank.logIns).toHaveLength(2);
    expect(bank.business.filter(isLive)).toHaveLength(50);
  },
);

test('who is turned away late, when others have logged in again, takes their session', async () => {
  const limits = { connectTimeoutMs: 1_000, timeoutMs: 1_000, concurrency: 4 };
  const line = new Line(http, clock, { url, sheet: borealis.sheet, limits });
  const ids = createIds(clock);
  const sessions = new Sessions(line, { partnerCode: 'PRN', secret }, clock, ids);
  expect(await sessions.get(endOfCall())).toMatchObject({ token: 'tok_1' });
  expect(await sessions.get(endOfCall(), 'tok_1')).toMatchObject({ token: 'tok_2' });
  expect(await sessions.get(endOfCall(), 'tok_1')).toMatchObject({ token: 'tok_2' });
  expect(bank.logIns).toHaveLength(2);
});

test('every kind of call is made again in the next session', async () => {
  const window = { from: START, to: addMs(START, 1_000) };
  const calls: (() => Promise<unknown>)[] = [
    charge,
    () => borealis.enquire(attempt),
    () => borealis.refund(refund, 'T1'),
    () => borealis.enquireRefund(refund, 'T1'),
    () => borealis.list(window, null),
  ];
  await charge();
  bank.answer = (asked) => coded(isLive(asked) ? '96' : '93');
  for (const call of calls) {
    [live, bank.asked.length] = [[], 0];
    await call();
    expect(bank.business.map(isLive)).toEqual([false, true]);
    expect(bank.business[1]).toMatchObject({ body: bank.business[0]?.body });
  }
});

test('turned away twice, it is not sent: a third time would be a storm', async () => {
  bank.answer = coded('93');
  expect(await charge()).toEqual(notSent('the session has expired', null, true));
  expect([bank.logIns.length, bank.business.length]).toEqual([2, 2]);
  const unknown = { outcome: 'unknown', detail: 'the session has expired' };
  expect(await borealis.enquire(attempt)).toEqual(unknown);
});

test('turned away, and not let in again: it has arrived, but was not sent', async () => {
  await charge();
  live = [];
  bank.session = () => coded('29', { waitSec: 3 });
  const detail = 'no session: asked us to slow down';
  expect(await charge()).toEqual(notSent(detail, 3_000, true));
});

const html = { body: '<html></html>' };
// Once more, where what came is no answer of the bank's.
// biome-ignore format: a table
test.each<[string, Script, object, number]>([
  ['our secret is wrong',        coded('91'),                                  notSent('no session: bad credentials'), 1],
  ['the same under 401',         coded('91', {}, 401),                         notSent('no session: answered 401'), 1],
  ['we log in too often',        coded('29', { waitSec: 7 }),                  notSent('no session: asked us to slow down', 7_000), 1],
  ['the bank malfunctions',      coded('96'),                                  notSent('no session: malfunction'), 1],
  ['a session needs a session',  coded('93'),                                  notSent('no session: the session has expired'), 1],
  ['it is declined',             coded('51'),                                  notSent('no session: answered 200'), 2],
  ['there is no token',          coded('00', { validFor: 600 }),               notSent('no session: answered 200'), 2],
  ['the token fits no header',   coded('00', { sessionToken: 'a\r\nb', validFor: 600 }), notSent('no session: answered 200'), 2],
  ['nobody says how long',       coded('00', { sessionToken: 'tok' }),         notSent('no session: answered 200'), 2],
  ['it has ended already',       coded('00', { sessionToken: 'tok', validFor: 0 }), notSent('no session: answered 200'), 2],
  ['the answer never comes',     'hang',                                       notSent('no session: timed out'), 2],
  ['the answer is cut',          'reset',                                      notSent('no session: connection lost'), 2],
  ['a page of HTML',             html,                                         notSent('no session: answered 200'), 2],
  ['a server error',             { ...html, status: 500 },                     notSent('no session: answered 500'), 2],
  ['closed for the night',       { ...html, status: 503 },                     notSent('no session: answered 503'), 2],
])('no log-in: %s', async (_, script, evidence, logIns) => {
  borealis = open(200);
  bank.session = () => script;
  expect(await charge()).toEqual(evidence);
  expect(bank.logIns).toHaveLength(logIns);
  expect(new Set(bank.logIns.map(({ body }) => JSON.parse(body).nonce)).size).toBe(logIns);
  expect(bank.business).toEqual([]);
  const { outcome, detail } = await borealis.enquire(attempt).then((told) => Object(told));
  expect([outcome, typeof detail]).toEqual(['unknown', 'string']);
  const listing = await borealis.list({ from: START, to: START }, null);
  expect(listing.outcome).toBe('failed');
});

test('nobody listens: nothing was sent', async () => {
  const gone = new ScriptedBank();
  const nobody = open(1_000, await gone.listen());
  await gone.close();
  expect(await nobody.charge(attempt)).toEqual(notSent('no session: connection refused'));
});

test.each<[Script, number]>([
  [coded('96'), 5_000],
  [coded('91'), 60_000],
])('after %p no charge logs in again for %i ms', async (script, restMs) => {
  bank.session = () => script;
  await fifty();
  await at(restMs - 1);
  await fifty();
  expect(bank.logIns).toHaveLength(1);
  bank.session = logIn;
  await at(restMs);
  expect(await fifty()).toEqual(Array(50).fill(success));
  expect(bank.logIns).toHaveLength(2);
});

test('asked to wait when logging in, nothing else is begun either', async () => {
  bank.session = () => coded('29', { waitSec: 7 });
  await charge();
  expect([borealis.pace.available(), borealis.pace.readyAt()]).toEqual([0, addMs(START, 7_000)]);
  bank.session = logIn;
  await at(6_999);
  expect(await charge()).toMatchObject({ outcome: 'not_sent', waitMs: 1 });
  await at(7_000);
  expect(await charge()).toEqual(success);
});

test('log-ins and calls made again are part of what the bank takes in a second', async () => {
  borealis.pace.take(1);
  await charge();
  expect(borealis.pace.available()).toBe(7);
  live = [];
  borealis.pace.take(1);
  await charge();
  expect(borealis.pace.available()).toBe(4);
});

test('two processes end each other’s sessions, and lose no call by it', async () => {
  mostLive = 1;
  const other = open();
  for (const provider of [borealis, other, borealis, other]) {
    expect(await provider.charge(attempt)).toEqual(success);
  }
  expect(bank.logIns).toHaveLength(4);
  expect(bank.business.filter(isLive).length).toBeLessThan(bank.business.length);
});

test('logging in took so long that the answer might be cut off: it is not sent', async () => {
  borealis = open(25_000);
  expect(await charge()).toEqual(notSent('logging in took too long'));
  expect(bank.business).toEqual([]);
});
