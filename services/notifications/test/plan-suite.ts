import { type Database, explain, migrate } from '@perennial/database';
import { notificationsMigrations } from '../src/migrations';
import { lockDueMails, nextDueAt } from '../src/store/due-mails';
import { knownAbout } from '../src/store/known';
import { listMails } from '../src/store/read-mails';
import { recordErased, recordUncollected } from '../src/store/record';
import { requestMails } from '../src/store/request-mails';
import { keepNewestStandings } from '../src/store/standings';
import { ids, now, refund } from './facts';
import { about } from './known-suite';

/** `told` hears each statement. */
export function describePlans(open: (told: (sql: string) => void) => Promise<Database>): void {
  let db: Database;
  const statements: string[] = [];
  beforeAll(async () => {
    db = await open((sql) => statements.push(sql));
    await migrate(db, [notificationsMigrations]);
  });
  afterAll(() => db?.close());

  const request = (...entityIds: string[]) => {
    const facts = { customerId: ids(), version: 1, statement: refund(1) };
    const requests = entityIds.map((entityId) => ({ entityId, ...facts }));
    return db.transaction((tx) => requestMails('refund_receipt', requests, { ids, now }, tx));
  };

  test('what runs often is read by an index', async () => {
    const many = Array.from({ length: 300 }, () => ids());
    await request(...many);
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
    await db.transaction((tx) => knownAbout(about(ids(), ids()), tx));
    await db.transaction((tx) => listMails({ customerId: ids() }, { limit: 10 }, tx));
    await request(ids());
    const news = { subscriptionId: ids(), version: 1, standing: { state: 'ended' as const } };
    await db.transaction((tx) => keepNewestStandings([news], tx));
    const reads = statements.filter((sql) => sql.startsWith('SELECT'));
    const two = [ids(), ids()];
    const values = { now, limit: 10, cursor: '~', customerId: ids() };
    const kind = { kind: 'refund_receipt', entityType: 'refund', entityIds: two };
    const lists = { ...kind, customerIds: two, paymentIds: two, subscriptionIds: two };
    for (const sql of reads) {
      const plan = await db.transaction((tx) => explain(sql, { ...values, ...lists }, tx));
      expect([sql, plan]).toEqual([sql, [expect.objectContaining({ walks: false })]]);
      expect(plan[0]?.index).not.toBeNull();
    }
    expect(reads).toHaveLength(9);
  });
}
