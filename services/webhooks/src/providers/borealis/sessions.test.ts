import { createHmac } from 'node:crypto';
import { addMs, parseInstant } from '@perennial/calendar';
import { openDatabase } from '@perennial/database';
import {
  askSession,
  batchOf,
  chargeOk,
  deliver,
  type From,
  logIn,
  proving,
} from '../../../test/bank';
import { type Running, runWebhooks } from '../../../test/running-webhooks';
import { NOW, NOW_S, send, succeeded } from '../../../test/signed';

const OLD_SECRET = 'a raw text that was replaced';
const NEXT_SECRET = 'a raw text that will be used';
let running: Running;
beforeEach(async () => {
  running = await runWebhooks('sqlite::memory:', {
    env: {
      BOREALIS_WEBHOOK_SECRETS: `a raw text that both of us know,${NEXT_SECRET},${OLD_SECRET}@2026-07-03T12:00:01Z`,
    },
  });
});
const further: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of [...further.splice(0), running]) await one.stop();
});

const rows = (table: string, { db } = running) =>
  db.transaction((tx) => tx.select(`SELECT * FROM ${table}`));
const at = (seconds: number) => addMs(parseInstant(NOW), seconds * 1000);
const statusWith = async (token: string | string[] | null, from: From = {}, to = running) =>
  (await deliver(to.url, token, batchOf([]), from)).status;

test('who proves to know the secret gets a token that is good for an hour', async () => {
  const { status, body, headers } = await askSession(running.url);
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  expect(body).toEqual({ sessionToken: expect.stringMatching(/^[\w-]{43}$/), validFor: 3600 });
  expect(await statusWith(body.sessionToken)).toBe(200);
  await running.clock.set(addMs(at(3600), -1));
  expect(await statusWith(body.sessionToken)).toBe(200);
  await running.clock.set(at(3600));
  expect(await statusWith(body.sessionToken)).toBe(401);
});

test('no token is stored or logged, nor what it was got for', async () => {
  const proof = proving();
  const { body } = await askSession(running.url, proof);
  await deliver(running.url, body.sessionToken, batchOf([chargeOk()]));
  const stored = JSON.stringify(await rows('provider_sessions')) + running.logged.join();
  expect(stored).not.toContain(body.sessionToken);
  expect(stored).not.toContain(proof.proof);
  expect(stored).toContain('a session was opened');
});

test.each([
  ['300 s old', { ts: NOW_S - 300 }],
  ['300 s ahead', { ts: NOW_S + 300 }],
  ['of the next secret', { secret: NEXT_SECRET }],
  ['of the previous secret in its overlap', { secret: OLD_SECRET }],
  ['over a nonce of 16', { nonce: 'n'.repeat(16) }],
  ['over a nonce of 64', { nonce: 'n'.repeat(64) }],
  ['over a nonce with what divides it', { nonce: 'a|1783080000|and-more' }],
])('a proof %s is taken', async (_, given) => {
  expect((await askSession(running.url, proving(given))).status).toBe(200);
});

test('so is one in capital letters', async () => {
  const { proof, ...rest } = proving();
  const { status } = await askSession(running.url, { ...rest, proof: proof.toUpperCase() });
  expect(status).toBe(200);
});

const raw = (text: string) => Buffer.from(text);
const hmac = (text: string) =>
  createHmac('sha256', 'a raw text that both of us know').update(text).digest('hex');

test.each<[string, object | Buffer]>([
  ['301 s old', proving({ ts: NOW_S - 301 })],
  ['301 s ahead', proving({ ts: NOW_S + 301 })],
  ['far ahead', proving({ ts: 99_999_999_999 })],
  ['in milliseconds', proving({ ts: NOW_S * 1000 })],
  ['of half a second', proving({ ts: NOW_S + 0.5 })],
  ['of a time in a text', { ...proving(), ts: String(NOW_S) }],
  ['by another secret', proving({ secret: 'a raw text that nobody knows' })],
  ['of another partner', proving({ partnerCode: 'SOMEBODY' })],
  ['of another partner, by our proof', { ...proving(), partnerCode: 'SOMEBODY' }],
  ['of another nonce', { ...proving(), nonce: 'another-nonce-of-theirs' }],
  ['of another time', { ...proving(), ts: NOW_S + 1 }],
  ['over a short nonce', proving({ nonce: 'n'.repeat(15) })],
  ['over a long nonce', proving({ nonce: 'n'.repeat(65) })],
  ['over a nonce that is not ASCII', proving({ nonce: 'nonce-é-nonce-é-nonce' })],
  ['that is empty', { ...proving(), proof: '' }],
  ['that is cut short', { ...proving(), proof: proving().proof.slice(1) }],
  ['that is too long', { ...proving(), proof: `${proving().proof}00` }],
  ['that is no hex', { ...proving(), proof: 'z'.repeat(64) }],
  ['that is null', { ...proving(), proof: null }],
  ['in a list', [proving()]],
  ['that is no JSON', raw('hello')],
  ['that is nothing', raw('')],
  ['that is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ['twice in one object', raw(JSON.stringify(proving()).replace('{', '{"ts":1,'))],
  ['in base64', { ...proving(), proof: Buffer.from(hmac('x'), 'hex').toString('base64') }],
])('a proof %s gets the one answer, and nothing is stored', async (_, body) => {
  const answer = await askSession(running.url, body);
  const { requestId, ...said } = answer.body;
  expect(said).toEqual({
    type: 'https://perennial.dev/problems/not-authentic',
    ...{ title: 'Unauthorized', status: 401, code: 'not-authentic' },
    detail: 'The request is not authentic.',
  });
  expect([await rows('used_nonces'), await rows('provider_sessions')]).toEqual([[], []]);
});

test('the previous secret counts no longer when its end has come', async () => {
  await running.clock.set(at(1));
  expect((await askSession(running.url, proving({ secret: OLD_SECRET }))).status).toBe(401);
  expect((await askSession(running.url)).status).toBe(200);
});

test('a nonce counts once, and is known for as long as its proof would be current', async () => {
  const early = proving({ ts: NOW_S + 300 });
  expect((await askSession(running.url, early)).status).toBe(200);
  expect((await askSession(running.url, early)).status).toBe(401);
  expect((await askSession(running.url, proving({ nonce: early.nonce }))).status).toBe(401);
  await running.clock.set(addMs(at(601), -1));
  // A log-in, at which old nonces are forgotten.
  expect((await askSession(running.url, proving({ ts: NOW_S + 600 }))).status).toBe(200);
  expect((await askSession(running.url, early)).status).toBe(401);
  await running.clock.set(at(601));
  expect((await askSession(running.url, early)).status).toBe(401);
});

test('nonces whose proofs are too old are forgotten at the next log-in', async () => {
  const nonces = async () => (await rows('used_nonces')).map(({ nonce }) => nonce);
  const first = proving();
  await askSession(running.url, first);
  await running.clock.set(addMs(at(301), -1));
  const second = proving({ ts: NOW_S + 300 });
  await askSession(running.url, second);
  expect(await nonces()).toEqual([first.nonce, second.nonce]);
  await running.clock.set(at(301));
  const third = proving({ ts: NOW_S + 301 });
  await askSession(running.url, third);
  expect(await nonces()).toEqual([second.nonce, third.nonce]);
});

test('three sessions live at once: a fourth ends the oldest', async () => {
  const tokens: string[] = [];
  for (let n = 0; n < 4; n += 1) tokens.push(await logIn(running.url));
  const statuses: number[] = [];
  for (const token of tokens) statuses.push(await statusWith(token));
  expect(statuses).toEqual([401, 200, 200, 200]);
  expect(await rows('provider_sessions')).toHaveLength(3);
});

test.each<[string, (token: string) => string | string[] | null]>([
  ['no token', () => null],
  ['an empty token', () => ''],
  ['an unknown token', () => 'x'.repeat(43)],
  ['a token cut short', (token) => token.slice(1)],
  ['a token twice', (token) => [token, token]],
  ['a token in another case', (token) => token.replace(/[a-z]/, (letter) => letter.toUpperCase())],
  ['a token that is not ASCII', () => 'é'],
])('with %s nothing is taken', async (_, change) => {
  const token = await logIn(running.url);
  const answer = await deliver(running.url, change(token), batchOf([chargeOk()]));
  expect([answer.status, answer.body.code]).toEqual([401, 'not-authentic']);
  expect(await rows('deliveries')).toEqual([]);
});

test("a session is of no use at another provider's door, nor a signature here", async () => {
  const token = await logIn(running.url);
  const elsewhere = { headers: { 'x-session-token': token, 'webhook-signature': null } };
  expect((await send(running.url, succeeded(), elsewhere)).status).toBe(401);
  const here = { path: '/webhooks/borealis' };
  expect((await send(running.url, succeeded(), here)).status).toBe(401);
});

test('so many sessions a minute may be asked for from one address, and no more', async () => {
  for (let n = 0; n < 30; n += 1) expect((await askSession(running.url)).status).toBe(200);
  const { status, body, headers } = await askSession(running.url);
  expect([status, body.code, headers['retry-after']]).toEqual([429, 'too-many-sessions', '60']);
  const token = await running.db.transaction((tx) => tx.select('SELECT * FROM provider_sessions'));
  expect(token).toHaveLength(3);
  await running.clock.set(at(60));
  expect((await askSession(running.url, proving({ ts: NOW_S + 60 }))).status).toBe(200);
});

test('bad proofs are counted with the good ones', async () => {
  for (let n = 0; n < 30; n += 1) await askSession(running.url, raw('hello'));
  expect((await askSession(running.url)).status).toBe(429);
});

test('tokens outlive the process, and are good at every instance', async () => {
  const db = await openDatabase('sqlite::memory:');
  const first = await runWebhooks('sqlite::memory:', { db });
  const second = await runWebhooks('sqlite::memory:', { db });
  further.push(first, second, { stop: () => db.close() });
  const token = await logIn(first.url);
  expect(await statusWith(token, {}, second)).toBe(200);
  await first.stop();
  const restarted = await runWebhooks('sqlite::memory:', { db });
  further.unshift(restarted);
  expect(await statusWith(token, {}, restarted)).toBe(200);
});

test('while sessions cannot be read or written the sender is told to come again', async () => {
  const token = await logIn(running.url);
  await running.db.transaction((tx) => tx.execute('DROP TABLE provider_sessions'));
  const answers = [await deliver(running.url, token, batchOf([])), await askSession(running.url)];
  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  expect(answers.map(({ headers }) => headers['retry-after'])).toEqual(['10', '10']);
  expect(await rows('used_nonces')).toHaveLength(1);
});
