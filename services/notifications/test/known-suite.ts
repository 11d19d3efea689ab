import { parseDate } from '@perennial/calendar';
import { type Database, migrate, type Tx } from '@perennial/database';
import type { Standing } from '../src/domain/known';
import { notificationsMigrations } from '../src/migrations';
import { knownAbout } from '../src/store/known';
import { recordErased, recordUncollected } from '../src/store/record';
import { requestMails } from '../src/store/request-mails';
import { keepNewestStandings } from '../src/store/standings';
import { day, ids, now } from './facts';

const ending = (endsOn: string): Standing => ({
  ...{ state: 'ending', cancellationId: ids(), endsOn: parseDate(endsOn), byCard: true },
});

/** Two mails whose truth depends on everything that can be known. */
export const about = (
  subscriptionId: string,
  paymentId: string | null = null,
  customerId = ids(),
) => {
  const endedOn = day;
  const terminated = { productName: 'Coffee', endedOn, paymentId, amount: null };
  const lost = { subscriptionId, productName: 'Coffee', endsOn: day };
  const cause = 'card_expired' as const;
  return [
    {
      ...{ entityId: ids(), customerId },
      statement: { kind: 'card_unavailable' as const, data: { ...lost, cause, isOver: false } },
    },
    {
      ...{ entityId: subscriptionId, customerId },
      statement: { kind: 'subscription_terminated' as const, data: terminated },
    },
  ];
};

/** What MySQL, MariaDB and SQLite must do alike. */
export function describeKnown(open: () => Promise<Database>): void {
  let db: Database;
  beforeAll(async () => {
    db = await open();
    await migrate(db, [notificationsMigrations]);
  });
  afterAll(() => db?.close());

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
}
