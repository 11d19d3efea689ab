import { addMs, type Instant, parseDate, parseInstant } from '@perennial/calendar';
import { createIds, DiscrepancyKind, PaymentOutcome } from '@perennial/contracts';
import type { Database, Tx } from '@perennial/database';
import { newCause } from '@perennial/messaging';
import { NOTHING_DONE } from '../src/domain/run-counts';
import { insertDiscrepancies, listDiscrepancies } from '../src/store/discrepancies';
import { lockDueAccounts, nextDueAt, postpone } from '../src/store/due-accounts';
import { unchargeable } from '../src/store/find-accounts';
import { forecast } from '../src/store/forecast';
import {
  hold,
  keepHolding,
  lockDueEvents,
  nextHeldAt,
  release,
  wakeEvents,
} from '../src/store/held-events';
import { lockMethods, markUnavailable } from '../src/store/methods';
import { listPayments, type PaymentFilter } from '../src/store/payments';
import { finishRun, listRuns, startRun } from '../src/store/runs';
import { envelopeOf } from './running-billing';
import { emptied, stored } from './stored-account';

type Kind = (typeof DiscrepancyKind.options)[number];

const now = parseInstant('2026-02-03T06:00:00Z');
const ids = createIds({ now: () => now });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What MySQL, MariaDB and SQLite must do alike. */
export function describeLists(open: () => Promise<Database>): void {
  let db: Database;
  const within = <T>(work: (tx: Tx) => Promise<T>) => db.transaction(work);
  beforeAll(async () => {
    db = await open();
  });
  beforeEach(() => emptied(db));
  afterAll(() => db?.close());

  const FILTERS: [PaymentFilter, string[]][] = [
    [{}, ['04-03 retrying', '03-03 succeeded', '02-03 succeeded']],
    [{ status: 'retrying' }, ['04-03 retrying']],
    [{ subscriptionId: 's' }, ['03-03 succeeded', '02-03 succeeded']],
    [{ subscriptionId: 't', status: 'succeeded' }, []],
    [
      { customerId: 'customer', billingDateFrom: '2026-03-03' },
      ['04-03 retrying', '03-03 succeeded'],
    ],
    [{ provider: 'aurora', billingDateTo: '2026-03-03' }, ['03-03 succeeded', '02-03 succeeded']],
    [{ customerId: 'nobody' }, []],
    [{ provider: 'borealis' }, []],
  ];
  test.each(FILTERS)('payments by %j, newest first', async (filter, expected) => {
    await stored(
      db,
      (customer) => customer.buys('s', { on: '2026-01-03' }).runsOn('2026-02-03').paid(),
      (customer) => customer.runsOn('2026-03-03').paid().asksToEnd('s', '2026-04-03'),
      (customer) => customer.buys('t', { on: '2026-03-03' }).runsOn('2026-04-03').declined(),
    );
    const list = (limit: number, cursor: string) =>
      within((tx) => listPayments(filter, { limit, cursor }, tx));
    const shown = (found: Awaited<ReturnType<typeof list>>) =>
      found.map(({ payment }) => `${payment.billingDate.slice(5)} ${payment.status}`);
    expect(shown(await list(10, '~'))).toEqual(expected);
    const [newest] = await list(1, '~');
    expect(shown(await list(10, newest?.payment.id ?? '~'))).toEqual(expected.slice(1));
  });

  test('a forecast counts who will be charged, and who has lost the card not', async () => {
    const customer = await stored(
      db,
      (one) => one.buys('s', { on: '2026-01-31' }).buys('t', { on: '2026-01-31', currency: 'JPY' }),
      (one) => one.buys('u', { on: '2026-01-30', interval: 'quarterly' }),
    );
    const until = (to: string) =>
      within((tx) => forecast(parseDate('2026-03-01'), parseDate(to), tx));
    const due = { cycles: 1, amountMinor: 1000 };
    const [march, april] = ['2026-03-31', '2026-04-30'];
    expect(await until(april)).toEqual([
      { date: march, currency: 'GBP', ...due },
      { date: march, currency: 'JPY', ...due },
      { date: april, currency: 'GBP', cycles: 2, amountMinor: 2000 },
      { date: april, currency: 'JPY', ...due },
    ]);
    await within((tx) => tx.execute("UPDATE accounts SET unavailable = 'expired'"));
    expect(await until(april)).toEqual([]);
    const lost = await within((tx) => unchargeable([customer.account.customer.id, 'x'], tx));
    expect(lost).toEqual(new Set(['customer']));
  });

  test('the same trouble is kept once, and listed newest first by state and kind', async () => {
    const { duplicate_charge: first, late_success: second } = DiscrepancyKind.enum;
    const trouble = (kind: Kind, about: string) => ({
      ...{ id: ids(), kind, provider: 'aurora', paymentId: null, about },
      ...{ details: { amountMinor: 1, note: null }, openedAt: now },
    });
    const kept = [trouble(first, 'a'), trouble(first, 'b'), trouble(second, 'a')];
    await within((tx) => insertDiscrepancies(kept, tx));
    await within((tx) => insertDiscrepancies([trouble(first, 'a'), trouble(second, 'a')], tx));
    const list = async (filter: object, limit = 10, cursor = '~') =>
      (await within((tx) => listDiscrepancies(filter, { limit, cursor }, tx))).map(({ id }) => id);
    const [a, b, other] = kept.map(({ id }) => id);
    expect(await list({})).toEqual([other, b, a]);
    expect(await list({ kind: first, state: 'open' }, 1)).toEqual([b]);
    expect(await list({ kind: first }, 10, b)).toEqual([a]);
    expect(await list({ state: 'explained' })).toEqual([]);
  });

  test('runs are kept with their counts, newest first', async () => {
    const context = { db, ids, clock: { now: () => now } } as Parameters<typeof startRun>[0];
    const [first, second] = [await startRun(context), await startRun(context)];
    const finished = await finishRun(first, { ...NOTHING_DONE, unknown: 7 }, context);
    expect(await within((tx) => listRuns(10, '~', tx))).toEqual([second, finished]);
    expect(await within((tx) => listRuns(10, second.id, tx))).toEqual([finished]);
  });

  test('of a provider’s customers who is due longest comes first, and one that is set aside later', async () => {
    const late = addMs(now, -HOUR);
    const account = (customerId: string, dueAt: string | null, provider = 'aurora') => ({
      ...{ customerId, provider, paymentMethod: 'pm_1', unavailable: null },
      ...{ combineCharges: 1, methodVersion: 0, erased: 0, dueAt },
    });
    const next = () => within((tx) => nextDueAt('aurora', tx));
    expect(await next()).toBeNull();
    const due = [account('a', now), account('b', late), account('c', addMs(now, 1))];
    await within((tx) =>
      tx.insert('accounts', [...due, account('d', null), account('e', addMs(late, -1), 'other')]),
    );
    const lock = (limit = 10) => within((tx) => lockDueAccounts('aurora', now, limit, tx));
    expect([await lock(), await lock(1)]).toEqual([['b', 'a'], ['b']]);
    expect(await next()).toBe(late);
    await within((tx) => postpone('b', MINUTE, now, tx));
    expect([await lock(), await next()]).toEqual([['a'], now]);
  });

  test('of a card the first word of its loss stays, whichever comes first: it or the customer', async () => {
    const card = { provider: 'aurora', reference: 'pm_1' };
    const other = { provider: 'borealis', reference: 'pm_1' };
    const causes = () => within((tx) => lockMethods([card, other, card], tx));
    expect((await causes())(card)).toBeNull();
    await within((tx) => markUnavailable([{ ...card, cause: 'cancelled' }], now, tx));
    const known = await causes();
    expect([known(card), known(other)]).toEqual(['cancelled', null]);
  });

  const event = (data: { provider: string }) => {
    const cause = newCause('system', 'timer:test', ids);
    const about = { type: PaymentOutcome.type, subject: 's', version: 1, data, cause };
    return { ...envelopeOf(about, ids(), now), data };
  };
  const held = (message: ReturnType<typeof event>, at: Instant, waitsFor = 'pay_1') =>
    within((tx) => hold([message], () => waitsFor, at, tx));

  test('an event is tried at once when the charge that it waits for is known, and no other', async () => {
    const [own, other] = [event({ provider: 'aurora' }), event({ provider: 'aurora' })];
    await held(own, now);
    await held(event({ provider: 'borealis' }), now);
    await held(other, now, 'pay_2');
    const due = async () => (await within((tx) => lockDueEvents(now, 10, tx))).map(({ id }) => id);
    const wake = (provider: string, providerReference: string | null) =>
      within((tx) => wakeEvents([{ provider, providerReference }], now, tx));
    await wake('aurora', null);
    await wake('aurora', 'pay_3');
    expect(await due()).toEqual([]);
    await wake('aurora', 'pay_1');
    expect(await due()).toEqual([own.id]);
  });

  test('an event waits longer each time, and never past its day', async () => {
    const message = event({ provider: 'aurora' });
    await held(message, now);
    await held(message, addMs(now, HOUR));
    const waits: number[] = [];
    for (let at = now; waits.length < 7; ) {
      const next = await within(nextHeldAt);
      if (!next) throw new Error('nothing waits');
      expect(await within((tx) => lockDueEvents(addMs(next, -1), 10, tx))).toEqual([]);
      const due = await within((tx) => lockDueEvents(next, 10, tx));
      expect(due).toMatchObject([{ id: message.id, message, heldAt: now }]);
      waits.push((Date.parse(next) - Date.parse(at)) / MINUTE);
      at = next;
      await within((tx) => keepHolding(due, next, tx));
    }
    expect(waits).toEqual([1, 10, 60, 360, 360, 360, 289]);
    await within((tx) => release([message.id], tx));
    expect(await within(nextHeldAt)).toBeNull();
  });
}
