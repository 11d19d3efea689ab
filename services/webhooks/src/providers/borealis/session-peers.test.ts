import { addMs, parseInstant } from '@perennial/calendar';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { BANK_SECRET, PARTNER, proving } from '../../../test/bank';
import { NOW } from '../../../test/signed';
import { webhooksMigrations } from '../../migrations';
import { Sessions } from './sessions';

const now = parseInstant(NOW);
const BANK = '10.20.0.7';
let db: Database;
let sessions: Sessions;
beforeEach(async () => {
  db = await openDatabase('sqlite::memory:');
  await migrate(db, [webhooksMigrations]);
  const secrets = [{ key: Buffer.from(BANK_SECRET), endsAt: null }];
  const logger = createLogger({ name: 'test', level: 'silent' });
  const world = { db, logger, clock: { now: () => now } };
  sessions = new Sessions({ provider: 'borealis', partnerCode: PARTNER, secrets }, world);
});
afterEach(() => db.close());

const request = (peer: string, { token = '', body = {}, receivedAt = now } = {}) => ({
  headers: { 'x-session-token': [token] },
  body: Buffer.from(JSON.stringify(body)),
  ...{ peer, requestId: 'r', receivedAt },
});

async function logInFrom(peer: string): Promise<string> {
  const answer = await sessions.open(request(peer, { body: proving() }));
  if (answer === null || !('sessionToken' in answer.body)) throw new Error('no session');
  return String(answer.body.sessionToken);
}

test('a token is good from the address that it was given to, and from no other', async () => {
  const token = await logInFrom(BANK);
  for (const [peer, ok] of [
    [BANK, true],
    ['10.20.0.8', false],
    ['127.0.0.1', false],
    ['', false],
  ] as const) {
    expect([peer, (await sessions.authenticate(request(peer, { token }))).ok]).toEqual([peer, ok]);
  }
});

test('addresses share the three sessions, and have counts of their own', async () => {
  const first = await logInFrom(BANK);
  for (let n = 0; n < 3; n += 1) await logInFrom('10.20.0.8');
  expect((await sessions.authenticate(request(BANK, { token: first }))).ok).toBe(false);
  for (let n = 0; n < 27; n += 1) await logInFrom('10.20.0.8');
  const refused = await sessions.open(request('10.20.0.8', { body: proving() }));
  expect(refused?.status).toBe(429);
  await logInFrom(BANK);
});

test('a session is over at its end, to the millisecond', async () => {
  const token = await logInFrom(BANK);
  const after = async (ms: number) =>
    (await sessions.authenticate(request(BANK, { token, receivedAt: addMs(now, ms) }))).ok;
  expect([await after(3_599_999), await after(3_600_000)]).toEqual([true, false]);
});
