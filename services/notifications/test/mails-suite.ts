import { addMs } from '@perennial/calendar';
import { type Database, migrate } from '@perennial/database';
import { notificationsMigrations } from '../src/migrations';
import { lockDueMails, nextDueAt, saveProgress } from '../src/store/due-mails';
import { findMail, listMails } from '../src/store/read-mails';
import { requestMails } from '../src/store/request-mails';
import { ids, now, refund } from './facts';

const later = addMs(now, 1000);

/** What MySQL, MariaDB and SQLite must do alike. */
export function describeMails(open: () => Promise<Database>): void {
  let db: Database;

  beforeAll(async () => {
    db = await open();
    await migrate(db, [notificationsMigrations]);
  });
  afterAll(() => db?.close());
  beforeEach(() =>
    db.transaction(async (tx) => {
      await tx.execute('DELETE FROM mails');
    }),
  );

  const request = (entityId: string, version = 1, amountMinor = version, at = now) => {
    const one = { entityId, customerId: ids(), version, statement: refund(amountMinor) };
    return db.transaction((tx) => requestMails('refund_receipt', [one], { ids, now: at }, tx));
  };
  const due = (at = now) => db.transaction((tx) => lockDueMails(at, 10, tx));
  const amountsDue = async () => (await due()).map(({ statement: { data } }) => data);
  const save = (id: string, status: 'sent' | 'dropped') =>
    db.transaction((tx) => {
      const over = { id, attempts: 1 };
      const progress = status === 'sent' ? { ...over, status, sentAt: now } : { ...over, status };
      return saveProgress([progress], tx);
    });
  const list = (filter = {}, limit = 10, cursor?: string) =>
    db.transaction((tx) => listMails(filter, { limit, cursor }, tx));

  test('ten requests at once for one entity are one mail, with the newest word', async () => {
    const entity = ids();
    const versions = [3, 1, 9, 10, 2, 8, 4, 7, 5, 6];
    await Promise.all(versions.map((version) => request(entity, version)));
    expect(await list()).toHaveLength(1);
    expect(await amountsDue()).toEqual([refund(10).data]);
  });

  test('of many in one batch each entity has its newest', async () => {
    const [one, two] = [ids(), ids()];
    const requests = [1, 3, 2].flatMap((version) =>
      [one, two].map((entityId) => {
        return { entityId, customerId: ids(), version, statement: refund(version) };
      }),
    );
    await db.transaction((tx) => requestMails('refund_receipt', requests, { ids, now }, tx));
    expect(await amountsDue()).toEqual([refund(3).data, refund(3).data]);
  });

  test('a mail that was sent is never written anew', async () => {
    const entity = ids();
    await request(entity);
    const [mail] = await list();
    await save(mail?.id ?? '', 'sent');
    await request(entity, 2);
    expect(await due()).toEqual([]);
    expect(await list()).toEqual([{ ...mail, status: 'sent', attempts: 1, sentAt: now }]);
  });

  test('one that was dropped waits again with a newer word, and only then', async () => {
    const entity = ids();
    await request(entity);
    const [mail] = await list();
    await save(mail?.id ?? '', 'dropped');
    await request(entity, 1);
    expect([await due(), await list()]).toEqual([[], []]);
    expect(await db.transaction((tx) => findMail(mail?.id ?? '', tx))).toBeNull();
    await request(entity, 2);
    expect(await list()).toEqual([mail]);
  });

  test('what waits keeps its time when it is corrected', async () => {
    const entity = ids();
    await request(entity);
    const [mail] = await list();
    const waiting = { id: mail?.id ?? '', attempts: 3, status: 'pending' as const, dueAt: later };
    await db.transaction((tx) => saveProgress([waiting], tx));
    await request(entity, 2);
    expect(await due()).toEqual([]);
    expect(await due(later)).toMatchObject([{ attempts: 3, statement: refund(2) }]);
  });

  test('the oldest is due first, and says when', async () => {
    expect(await db.transaction(nextDueAt)).toBeNull();
    await request(ids(), 1, 2, later);
    await request(ids(), 1, 1);
    expect(await db.transaction(nextDueAt)).toBe(now);
    expect(await amountsDue()).toEqual([refund(1).data]);
    expect(await due(later)).toHaveLength(2);
  });

  test('lists newest first, page by page, by customer, kind and status', async () => {
    for (const _ of [1, 2, 3]) await request(ids());
    const [third, second, first] = await list();
    expect(await list({}, 2)).toEqual([third, second]);
    expect(await list({}, 2, second?.id)).toEqual([first]);
    expect(await list({ customerId: second?.customerId })).toEqual([second]);
    expect(await list({ kind: 'payment_receipt' })).toEqual([]);
    await save(first?.id ?? '', 'sent');
    expect(await list({ status: 'pending', kind: 'refund_receipt' })).toEqual([third, second]);
  });

  test.each([
    ['sent without a time', { status: 'sent', attempts: 1 }],
    ['pending and never due', { status: 'pending' }],
    ['failed without a try', { status: 'failed' }],
    ['in no known state', { status: 'lost' }],
  ])('the database refuses a mail that is %s', async (_, wrong) => {
    const nothing = { attempts: 0, dueAt: null, createdAt: now, sentAt: null };
    const about = { kind: 'x', entityType: 'x', entityId: ids(), customerId: ids() };
    const row = { id: ids(), ...about, data: '{}', version: 1, ...nothing, ...wrong };
    const inserted = db.transaction((tx) => tx.insert('mails', [row]));
    await expect(inserted).rejects.toThrow(/constraint/i);
  });
}
