import { addMs, type Instant, parseInstant } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { type Database, explain, migrate, type Tx } from '@perennial/database';
import { webhooksMigrations } from '../src/migrations';
import {
  findDelivery,
  holdersOf,
  insertDeliveries,
  listDeliveries,
  markPublished,
  type NewDelivery,
  saveDelivery,
} from '../src/store';

const now = parseInstant('2026-07-03T12:00:00Z');
const ids = createIds({ now: () => now });

const delivery = (changes: Partial<NewDelivery> = {}): NewDelivery => {
  const id = ids();
  const told = { type: 'payment.succeeded', reference: ids(), reason: null, receivedAt: now };
  const content = { fingerprint: '0'.repeat(64), body: 'e30=', messageId: ids() };
  const event = { slot: `event:${id}`, eventId: id, status: 'pending' as const };
  return { id, provider: 'aurora', ...event, ...told, ...content, ...changes };
};

/** What MySQL, MariaDB and SQLite must do alike. `told` hears each statement. */
export function describeStore(open: (told: (sql: string) => void) => Promise<Database>): void {
  let db: Database;
  const statements: string[] = [];
  const within = <T>(work: (tx: Tx) => Promise<T>) => db.transaction(work);
  const insert = (...rows: NewDelivery[]) => within((tx) => insertDeliveries(rows, tx));

  beforeAll(async () => {
    db = await open((sql) => statements.push(sql));
    await migrate(db, [webhooksMigrations]);
  });
  afterAll(() => db?.close());
  beforeEach(() => within((tx) => tx.execute('DELETE FROM deliveries')));

  test('a delivery comes back as it was, and as it was saved', async () => {
    const row = delivery();
    await insert(row);
    const find = () => within((tx) => findDelivery(row.id, tx));
    expect(await find()).toEqual({ ...row, publishedAt: null, replays: 0 });
    const told = { status: 'ignored' as const, messageId: null, publishedAt: null, replays: 3 };
    await within((tx) => saveDelivery({ ...row, ...told }, tx));
    expect(await find()).toEqual({ ...row, ...told });
  });

  test('a slot is taken once for each provider', async () => {
    const first = delivery();
    const { slot } = first;
    expect(await insert(first, delivery({ slot, provider: 'borealis' }))).toBe(2);
    expect(await insert(delivery({ slot }), delivery())).toBe(1);
    const { id, fingerprint } = first;
    const holders = await within((tx) => holdersOf('aurora', [{ slot }], tx));
    expect(holders).toEqual([{ id, slot, fingerprint }]);
  });

  test('only what was pending is marked as published', async () => {
    const [waiting, other] = [delivery(), delivery()];
    await insert(waiting, other);
    const mark = (at: Instant) =>
      within((tx) => markPublished([String(waiting.messageId), ids()], at, tx));
    await mark(now);
    await mark(addMs(now, 1000));
    const list = (status: string) => within((tx) => listDeliveries({ status }, { limit: 9 }, tx));
    expect(await list('published')).toMatchObject([{ id: waiting.id, publishedAt: now }]);
    expect(await list('pending')).toMatchObject([{ id: other.id, publishedAt: null }]);
  });

  test.each<[string, object]>([
    ['pending without a message', { messageId: null }],
    ['published without a time', { status: 'published' }],
    ['in quarantine without a reason', { status: 'quarantined', messageId: null }],
    ['ignored and told', { status: 'ignored' }],
    ['in no known state', { status: 'lost' }],
  ])('the database refuses a delivery that is %s', async (_, wrong) => {
    await expect(insert({ ...delivery(), ...wrong })).rejects.toThrow(/constraint/i);
  });

  test('what runs often is read by an index', async () => {
    const rows = Array.from({ length: 500 }, () => delivery());
    await insert(...rows);
    statements.length = 0;
    const page = { limit: 10 };
    await within(async (tx) => {
      await holdersOf('aurora', [{ slot: 'event:1' }], tx);
      await findDelivery(ids(), tx);
      await listDeliveries({ status: 'quarantined' }, page, tx);
      await listDeliveries({ reference: ids() }, page, tx);
      await markPublished([ids()], now, tx);
    });
    const ran = statements.splice(0);
    const values = { ...rows[0], ...page, cursor: '~', status: 'quarantined', publishedAt: now };
    const [slots, messageIds] = [rows.map(({ slot }) => slot), rows.map((row) => row.messageId)];
    const lists = { slots: slots.slice(0, 2), messageIds: messageIds.slice(0, 2) };
    // SQLite cannot explain an UPDATE without leaving it open; its rows are found as by a SELECT.
    const asRead = (sql: string) =>
      sql.replace(/^UPDATE (\w+)\s+SET .*?WHERE/s, 'SELECT id FROM $1 WHERE');
    for (const sql of ran.map(asRead)) {
      const plan = await within((tx) => explain(sql, { ...values, ...lists }, tx));
      expect([sql, plan]).toMatchObject([sql, [{ walks: false, index: expect.any(String) }]]);
    }
    expect(ran).toHaveLength(5);
  });
}
