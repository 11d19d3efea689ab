import { addMs, type Instant, parseInstant } from '@perennial/calendar';
import { type Database, explain, migrate, type Tx } from '@perennial/database';
import { webhooksMigrations } from '../src/migrations';
import { newestSessions, openSession } from '../src/providers/borealis/store-sessions';

const now = parseInstant('2026-07-03T12:00:00Z');
let number = 0;
const next = () => {
  number += 1;
  return String(number).padStart(64, '0');
};

/** What MySQL, MariaDB and SQLite must do alike. `told` hears each statement. */
export function describeSessions(open: (told: (sql: string) => void) => Promise<Database>): void {
  let db: Database;
  const statements: string[] = [];
  const within = <T>(work: (tx: Tx) => Promise<T>) => db.transaction(work);
  const logIn = (tokenHash: string, nonce = next(), at = now, provider = 'borealis') => {
    const session = { tokenHash, peer: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', endsAt: at };
    const used = { nonce, forgetAt: addMs(at, 300_000) };
    return within((tx) => openSession(provider, session, used, at, tx));
  };
  const newest = async (provider = 'borealis') =>
    (await within((tx) => newestSessions(provider, tx))).map(({ tokenHash }) => tokenHash);
  const count = async (table: string) =>
    (await within((tx) => tx.select(`SELECT provider FROM ${table}`))).length;

  beforeAll(async () => {
    db = await open((sql) => statements.push(sql));
    await migrate(db, [webhooksMigrations]);
  });
  afterAll(() => db?.close());
  beforeEach(() =>
    within(async (tx) => {
      await tx.execute('DELETE FROM provider_sessions');
      await tx.execute('DELETE FROM used_nonces');
    }),
  );

  test('the newest three of each provider count, newest first', async () => {
    const [a, b, c, d] = [next(), next(), next(), next()];
    for (const hash of [a, b, c, d]) expect(await logIn(hash)).toBe(true);
    const other = next();
    await logIn(other, next(), now, 'other-bank');
    expect(await newest()).toEqual([d, c, b]);
    expect(await newest('other-bank')).toEqual([other]);
    expect(await count('provider_sessions')).toBe(4);
  });

  test('a nonce that was used opens nothing; case matters, and each provider has its own', async () => {
    const nonce = 'a-nonce-of-the-bank';
    expect(await logIn(next(), nonce)).toBe(true);
    expect(await logIn(next(), nonce)).toBe(false);
    expect(await logIn(next(), nonce.toUpperCase())).toBe(true);
    expect(await logIn(next(), nonce, now, 'other-bank')).toBe(true);
    expect((await newest()).length).toBe(2);
  });

  test('twenty at once with one nonce: one opens a session', async () => {
    for (let round = 0; round < 5; round += 1) {
      const nonce = next();
      const opened = await Promise.all(Array.from({ length: 20 }, () => logIn(next(), nonce)));
      expect(opened.filter(Boolean)).toHaveLength(1);
    }
  });

  test('twenty log-ins at once all succeed, and three of them count', async () => {
    const hashes = Array.from({ length: 20 }, next);
    const opened = await Promise.all(hashes.map((hash) => logIn(hash)));
    expect(opened).not.toContain(false);
    const live = await newest();
    expect(live).toHaveLength(3);
    expect(live.every((hash) => hashes.includes(hash))).toBe(true);
    await logIn(next());
    expect(await count('provider_sessions')).toBe(3);
  });

  test('neither table grows, however long it goes on', async () => {
    for (let hour = 0; hour < 20; hour += 1) await logIn(next(), next(), inHours(hour));
    expect([await count('provider_sessions'), await count('used_nonces')]).toEqual([3, 1]);
  });

  test('old nonces are found by an index', async () => {
    const forgetAt = inHours(1);
    const many = Array.from({ length: 500 }, () => ({
      provider: 'borealis',
      nonce: next(),
      forgetAt,
    }));
    await within((tx) => tx.insert('used_nonces', many));
    statements.length = 0;
    await logIn(next());
    const [sql = ''] = statements.filter((statement) => statement.startsWith('DELETE FROM used'));
    const asRead = sql.replace(/^DELETE/, 'SELECT provider');
    const plan = await within((tx) => explain(asRead, { provider: 'borealis', now }, tx));
    expect(plan).toEqual([{ ...plan[0], walks: false, index: 'used_nonces_forget' }]);
  });
}

function inHours(hours: number): Instant {
  return addMs(now, hours * 3_600_000);
}
