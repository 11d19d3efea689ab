import { addMs, type Clock, parseDate, parseInstant } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { type Database, explain, migrate, type Tx } from '@perennial/database';
import type { Standing } from '../src/domain/known';
import { notificationsMigrations } from '../src/migrations';
import { lockDueMails, nextDueAt, saveProgress } from '../src/store/due-mails';
import { knownAbout } from '../src/store/known';
import { findMail, listMails } from '../src/store/read-mails';
import { recordErased, recordUncollected } from '../src/store/record';
import { requestMails } from '../src/store/request-mails';
import { keepNewestStandings } from '../src/store/standings';

const now = parseInstant('2026-02-28T06:00:00Z');
const later = addMs(now, 1000);
const clock: Clock = { now: () => now };
const ids = createIds(clock);
const day = parseDate('2026-03-31');

const refund = (amountMinor: number) => ({
  kind: 'refund_receipt' as const,
  data: { amount: { amountMinor, currency: 'GBP' }, refundedOn: day, productNames: ['Coffee'] },
});

/** What MySQL, MariaDB and SQLite must do alike. `told` hears each statement. */
export function describeStore(open: (told: (sql: string) => void) => Promise<Database>): void {
  let db: Database;
  const statements: string[] = [];

  beforeAll(async () => {
    db = await open((sql) => statements.push(sql));
    await migrate(db, [notificationsMigrations]);
  });
  afterAll(() => db?.close());
  beforeEach(() =>
    db.transaction(async (tx) => {
      for (const table of ['mails', 'standings', 'uncollected', 'erased_customers']) {
        await tx.execute(`DELETE FROM ${table}`);
      }
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

  const ending = (endsOn: string): Standing => ({
    ...{ state: 'ending', cancellationId: ids(), endsOn: parseDate(endsOn), byCard: true },
  });
  const about = (subscriptionId: string, paymentId: string | null = null, customerId = ids()) => {
    const endedOn = day;
    const terminated = { productName: 'Coffee', endedOn, paymentId, amount: null };
    const lost = { subscriptionId, productName: 'Coffee', endsOn: day };
    const cause = 'card_expired' as const;
    return [
      {
        ...{ entityId: ids(), customerId },
        statement: { kind: 'card_unavailable' as const, data: { ...lost, cause } },
      },
      {
        ...{ entityId: subscriptionId, customerId },
        statement: { kind: 'subscription_terminated' as const, data: terminated },
      },
    ];
  };
  const known = (...of: Parameters<typeof about>) =>
    db.transaction((tx) => knownAbout(about(...of), tx));

  test('of a subscription the highest version is known, in whatever order it comes', async () => {
    const [subscriptionId, standing] = [ids(), ending('2026-03-01')];
    const tell = (...news: [number, Standing][]) => {
      const all = news.map(([version, of]) => ({ subscriptionId, version, standing: of }));
      return db.transaction((tx) => keepNewestStandings(all, tx));
    };
    await Promise.all([
      tell([2, ending('2026-03-31')]),
      tell([5, { state: 'going_on' }], [6, standing], [4, ending('2026-03-31')]),
      tell([3, ending('2026-03-31')]),
    ]);
    const { standings } = await known(subscriptionId);
    expect([...standings]).toEqual([[subscriptionId, standing]]);
    await tell([7, { state: 'ended' }]);
    expect((await known(subscriptionId)).standings.get(subscriptionId)).toEqual({ state: 'ended' });
  });

  test('knows who is gone, what was paid, and what was not collected; told twice, too', async () => {
    const [subscriptionId, paymentId, customerId] = [ids(), ids(), ids()];
    const nothing = { erasedCustomers: new Set(), paidPayments: new Set(), uncollected: [] };
    const before = await known(subscriptionId, paymentId, customerId);
    expect(before).toEqual({ ...nothing, standings: new Map() });
    const amount = { amountMinor: 2500, currency: 'GBP' };
    const uncollected = [{ paymentId, subscriptionId, amount }];
    const receipt = { kind: 'payment_receipt' as const, data: { amount, paidOn: day, items: [] } };
    const paid = { entityId: paymentId, customerId, version: 1, statement: receipt };
    const tell = (tx: Tx) =>
      Promise.all([recordUncollected(uncollected, tx), recordErased([customerId], tx)]);
    await db.transaction(tell);
    await db.transaction(tell);
    await db.transaction((tx) => requestMails('payment_receipt', [paid], { ids, now }, tx));
    expect(await known(subscriptionId, paymentId, customerId)).toEqual({
      erasedCustomers: new Set([customerId]),
      paidPayments: new Set([paymentId]),
      uncollected,
      standings: new Map(),
    });
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

  test('what runs often is read by an index', async () => {
    const many = Array.from({ length: 300 }, () => ids());
    for (const entity of many) await request(entity);
    await db.transaction(async (tx) => {
      const amount = { amountMinor: 1, currency: 'GBP' };
      const ended = { version: 1, standing: { state: 'ended' as const } };
      await recordErased(many, tx);
      await recordUncollected(
        many.map((id) => ({ paymentId: id, subscriptionId: id, amount })),
        tx,
      );
      await keepNewestStandings(
        many.map((subscriptionId) => ({ subscriptionId, ...ended })),
        tx,
      );
    });
    statements.length = 0;
    await db.transaction((tx) => lockDueMails(now, 10, tx));
    await db.transaction(nextDueAt);
    await known(ids(), ids());
    await list({ customerId: ids() });
    await request(ids());
    const news = { subscriptionId: ids(), version: 1, standing: { state: 'ended' as const } };
    await db.transaction((tx) => keepNewestStandings([news], tx));
    const reads = statements.filter((sql) => sql.startsWith('SELECT'));
    const two = [ids(), ids()];
    const values = { now, limit: 10, cursor: '~', customerId: ids() };
    const about = { kind: 'refund_receipt', entityType: 'refund', entityIds: two };
    const lists = { ...about, customerIds: two, paymentIds: two, subscriptionIds: two };
    for (const sql of reads) {
      const plan = await db.transaction((tx) => explain(sql, { ...values, ...lists }, tx));
      expect([sql, plan]).toEqual([sql, [expect.objectContaining({ walks: false })]]);
      expect(plan[0]?.index).not.toBeNull();
    }
    expect(reads).toHaveLength(9);
  });
}
