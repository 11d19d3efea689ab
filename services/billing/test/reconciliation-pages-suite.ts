import { addMs, type Instant, parseInstant } from '@perennial/calendar';
import type { Row } from '@perennial/database';
import { until } from '@perennial/testing';
import type { ChargeEvidence } from '../src/domain/evidence';
import type { Attempt } from '../src/domain/payment';
import type { Listed } from '../src/providers/provider';
import { listFindings } from '../src/store/findings';
import { ListingProvider } from './listing-provider';
import {
  FROM,
  insertCharges,
  type OldCharge,
  ordered,
  ReconcilerByHand,
  stateOf,
  TO,
} from './reconciler';
import { NOON, type Running, runBilling } from './running-billing';
import { emptied, stored } from './stored-account';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const texts = (count: number) => range(count).map(String);

/** As they have it where all agrees. */
function listed(id: string, more: Partial<Extract<Listed, { kind: 'charge' }>> = {}): Listed {
  const providerReference = `t-${id}`;
  const amount = { amountMinor: 1250, currency: 'GBP' };
  const evidence = { outcome: 'succeeded' as const, providerReference };
  return { kind: 'charge', providerReference, reference: `r-${id}`, amount, evidence, ...more };
}

const succeeded = ({ id }: Attempt): ChargeEvidence => ({
  ...{ outcome: 'succeeded', providerReference: `t-${id}` },
});

/** What MySQL, MariaDB and SQLite must do alike. */
export function describeReconciliationPages(databaseUrl: () => Promise<string>): void {
  let url: string;
  let running: Running;
  beforeAll(async () => {
    url = await databaseUrl();
  });
  beforeEach(async () => {
    running = await runBilling(url);
    await emptied(running.db);
  });
  afterEach(() => running?.stop());

  const since = (times: readonly Instant[]) => times.map((at) => Date.parse(at) - Date.parse(NOON));
  const found = async (id: string) => {
    const all = await running.db.transaction((tx) =>
      listFindings(id, { after: '', limit: 1000 }, tx),
    );
    return all.map(({ kind, about }) => `${kind} ${about}`);
  };
  const matches = () =>
    running.db.transaction((tx) => tx.select('SELECT id FROM reconciliation_matches'));

  describe('Page by page', () => {
    test('it goes on where it was when the process was stopped, and remembers nothing at the end', async () => {
      await insertCharges(
        running,
        texts(25).map((id) => ({ id })),
      );
      const provider = new ListingProvider(running.clock, 25, (page) => [listed(String(page))]);
      const id = await ordered(running);
      await new ReconcilerByHand(running, provider).run();
      expect(provider.asked).toEqual(texts(10));
      expect(await stateOf(running, id)).toMatchObject({
        step: 'theirs',
        place: '10',
        compared: 10,
      });
      expect(await matches()).toHaveLength(10);

      await new ReconcilerByHand(running, provider).until(NOON);
      expect(provider.asked).toEqual(texts(25));
      const over = { status: 'done', step: null, nextActionAt: null, finishedAt: NOON };
      expect(await stateOf(running, id)).toMatchObject({ ...over, compared: 25 });
      expect(await found(id)).toEqual([]);
      expect(await matches()).toEqual([]);
    });

    test('told to stop, it finishes its page', async () => {
      const provider = new ListingProvider(running.clock, 25, (page) => [listed(String(page))]);
      const id = await ordered(running);
      const reconciler = new ReconcilerByHand(running, provider);
      provider.before = async (page) => (page === '2' ? reconciler.stop() : undefined);
      await reconciler.run();
      expect(provider.asked).toEqual(texts(3));
      const due = { place: '3', compared: 3, nextActionAt: NOON };
      expect(await stateOf(running, id)).toMatchObject(due);
    });

    test('what was asked for when the process died is asked for again after the lease', async () => {
      const provider = new ListingProvider(running.clock, 5, (page) => [listed(String(page))]);
      const id = await ordered(running);
      const isAsked = () => provider.asked.includes('3');
      provider.before = (page) => (page === '3' ? new Promise(() => {}) : Promise.resolve());
      void new ReconcilerByHand(running, provider).run();
      await until(isAsked);
      provider.before = async () => undefined;
      const times = await new ReconcilerByHand(running, provider).until(addMs(NOON, HOUR));
      expect(since(times)).toEqual([5 * MINUTE]);
      expect(provider.asked).toEqual(['0', '1', '2', '3', '3', '4']);
      expect(await stateOf(running, id)).toMatchObject({ status: 'done', compared: 5 });
      expect(await found(id)).toHaveLength(5);
    });

    test('two replicas share the pages, and ask for each once', async () => {
      const provider = new ListingProvider(running.clock, 30, (page) => [listed(String(page))]);
      const ids = [await ordered(running), await ordered(running)];
      const replicas = range(2).map(() => new ReconcilerByHand(running, provider));
      await Promise.all(replicas.map((replica) => replica.until(NOON)));
      await replicas[0]?.until(NOON);
      expect([...provider.asked].sort()).toEqual([...texts(30), ...texts(30)].sort());
      for (const id of ids) {
        expect(await stateOf(running, id)).toMatchObject({ status: 'done', compared: 30 });
        expect(await found(id)).toHaveLength(30);
      }
      expect(replicas.flatMap(({ told }) => told)).toHaveLength(30);
    });

    test('one that comes back when its lease is over finds others further on, and writes nothing', async () => {
      const provider = new ListingProvider(running.clock, 25, (page) => [listed(String(page))]);
      const id = await ordered(running);
      provider.before = async () => {
        provider.before = async () => undefined;
        await running.clock.set(addMs(NOON, 5 * MINUTE));
        await new ReconcilerByHand(running, provider).run();
        expect(await stateOf(running, id)).toMatchObject({ place: '10', compared: 10 });
      };
      const late = new ReconcilerByHand(running, provider);
      await late.run();
      expect(provider.asked).toEqual(['0', ...texts(19)]);
      await late.until(running.clock.now());
      expect(provider.asked).toEqual(['0', ...texts(25)]);
      expect(await stateOf(running, id)).toMatchObject({ status: 'done', compared: 25 });
      expect(late.told).toHaveLength(15);
    });

    test('the provider’s pace is kept', async () => {
      const provider = new ListingProvider(running.clock, 7, () => [], 3);
      await ordered(running);
      const times = await new ReconcilerByHand(running, provider).until(addMs(NOON, HOUR));
      expect(since(times)).toEqual([0, SECOND, 2 * SECOND]);
      expect(provider.asked).toEqual(texts(7));
    });
  });

  describe('A provider that fails', () => {
    test('is asked again, ever later; then it goes on as if nothing had been', async () => {
      const provider = new ListingProvider(running.clock, 2, (page) => [listed(String(page))]);
      const id = await ordered(running);
      provider.down = true;
      const reconciler = new ReconcilerByHand(running, provider);
      const times = await reconciler.until(addMs(NOON, 3 * HOUR));
      const waits = [0, 30 * SECOND, 5.5 * MINUTE, 20.5 * MINUTE, 80.5 * MINUTE, 140.5 * MINUTE];
      expect(since(times)).toEqual(waits);
      expect(await stateOf(running, id)).toMatchObject({
        ...{ status: 'running', failure: 'answered 500', failures: 6, failingSince: NOON },
      });
      provider.down = false;
      await reconciler.until(addMs(NOON, 4 * HOUR));
      expect(await stateOf(running, id)).toMatchObject({
        ...{ status: 'done', failure: null, failures: 0, failingSince: null, compared: 2 },
      });
    });

    test('for a day is given up, and what had been found is kept', async () => {
      const provider = new ListingProvider(running.clock, 3, (page) => [listed(String(page))]);
      const id = await ordered(running);
      provider.before = async (page) => {
        provider.down = page === '1';
      };
      const times = await new ReconcilerByHand(running, provider).until(addMs(NOON, 3 * DAY));
      const over = { status: 'failed', failure: 'answered 500', compared: 1, step: null };
      const state = await stateOf(running, id);
      expect(state).toMatchObject({ ...over, nextActionAt: null });
      expect(Date.parse(state.finishedAt ?? '') - Date.parse(NOON)).toBeGreaterThanOrEqual(DAY);
      expect(state.finishedAt).toBe(times.at(-1));
      expect(await found(id)).toEqual(['missing_here aurora:t-0']);
    });

    test('one that is not in use any more is given up too', async () => {
      const id = await ordered(running);
      await new ReconcilerByHand(running, null).until(addMs(NOON, 2 * DAY));
      const failure = 'the provider is not in use here';
      expect(await stateOf(running, id)).toMatchObject({ status: 'failed', failure });
    });
  });

  describe('Ours that the provider has not shown', () => {
    const compared = async (charges: readonly OldCharge[], provider: ListingProvider) => {
      await insertCharges(running, charges);
      const id = await ordered(running);
      await new ReconcilerByHand(running, provider).until(running.clock.now());
      return { id, kinds: await found(id), state: await stateOf(running, id) };
    };

    test('are asked about one by one, if they may have moved money; those not found are missing', async () => {
      const provider = new ListingProvider(running.clock, 1, () => [listed('shown')]);
      const statuses = ['succeeded', 'declined', 'pending', 'unknown', 'not_sent', 'created'];
      const charges: OldCharge[] = statuses.map((status) => ({ id: status, status }));
      const more = { nextActionAt: addMs(NOON, 1) };
      const flying = { id: 'flying', status: 'created', more };
      const { kinds, state } = await compared([...charges, flying, { id: 'shown' }], provider);
      const asked = ['succeeded', 'pending', 'unknown', 'created'].map((one) => `r-${one}`);
      expect([...provider.asked].sort()).toEqual(['0', ...asked].sort());
      expect([...kinds].sort()).toEqual(['missing_there pending', 'missing_there succeeded']);
      expect(state.compared).toBe(1 + asked.length);
    });

    test('are those of the window: its first moment, and not its last', async () => {
      const provider = new ListingProvider(running.clock, 1);
      const times = [addMs(FROM, -1), FROM, addMs(TO, -1), TO];
      const charges = times.map((startedAt, n) => ({ id: String(n), startedAt }));
      const { kinds } = await compared(charges, provider);
      expect(kinds).toEqual(['missing_there 1', 'missing_there 2']);
    });

    test('are all gone through, however many were made at the same moment', async () => {
      const provider = new ListingProvider(running.clock, 1);
      const id = (n: number) => String(n).padStart(4, '0');
      const declined = range(1200).map((n) => ({ id: id(n), status: 'declined' }));
      const missing = range(45).map((n) => ({ id: `x${id(n)}` }));
      const later = { id: '0', startedAt: addMs(FROM, 1) };
      const { kinds } = await compared([...declined, ...missing, later], provider);
      const expected = [...missing, later].map((one) => `missing_there ${one.id}`);
      expect([...kinds].sort()).toEqual(expected.sort());
    });

    test('and were made at the other side of midnight there, agree when they are asked about', async () => {
      const provider = new ListingProvider(running.clock, 1);
      provider.says = succeeded;
      const { kinds, state } = await compared([{ id: 'a' }, { id: 'b' }], provider);
      expect([kinds, state.compared]).toEqual([[], 2]);
    });

    // biome-ignore format: a table
    const ANSWERS: [string, ChargeEvidence, string[]][] = [
      ['declined',    { outcome: 'declined', reason: 'unknown', rawReason: null, providerReference: 't-a' }, ['status_differs a:succeeded:declined']],
      ['pending',     { outcome: 'pending', providerReference: 't-a' },                                      ['status_differs a:succeeded:pending']],
      ['another sum', { outcome: 'succeeded', providerReference: 't-a', amount: { amountMinor: 1, currency: 'GBP' } }, ['amount_differs a']],
      ['other money', { outcome: 'succeeded', providerReference: 't-a', amount: { amountMinor: 1250, currency: 'EUR' } }, ['currency_differs a']],
      ['another',     { outcome: 'succeeded', providerReference: 't-b' },                                    ['duplicate_charge aurora:t-b']],
      ['only another, declined', { outcome: 'declined', reason: 'unknown', rawReason: null, providerReference: 't-b' }, ['missing_there a']],
    ];
    test.each(ANSWERS)(
      'a success of which they say, when asked: %s',
      async (_, evidence, kinds) => {
        const provider = new ListingProvider(running.clock, 1);
        provider.says = () => evidence;
        expect((await compared([{ id: 'a' }], provider)).kinds).toEqual(kinds);
      },
    );

    test('wait until "not found" says something, where the provider lags', async () => {
      const provider = new ListingProvider(running.clock, 1);
      Object.assign(provider.sheet, { enquiryLagMs: 30 * SECOND });
      await insertCharges(running, [{ id: 'a', more: { lastSentAt: addMs(NOON, -SECOND) } }]);
      const id = await ordered(running);
      const times = await new ReconcilerByHand(running, provider).until(addMs(NOON, HOUR));
      expect(since(times)).toEqual([0, 29 * SECOND]);
      expect(provider.asked).toEqual(['0', 'r-a']);
      expect(await found(id)).toEqual(['missing_there a']);
    });

    test('and about which nothing is said are asked about again, the others not', async () => {
      const provider = new ListingProvider(running.clock, 1);
      provider.says = (one) =>
        one.id === 'b' ? { outcome: 'unknown', detail: 'timed out' } : succeeded(one);
      await insertCharges(running, [{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
      const id = await ordered(running);
      const reconciler = new ReconcilerByHand(running, provider);
      await reconciler.until(addMs(NOON, MINUTE));
      expect(provider.asked).toEqual(['0', 'r-a', 'r-b', 'r-c', 'r-b']);
      expect(await stateOf(running, id)).toMatchObject({
        ...{ status: 'running', compared: 2, failure: 'no answer about 1 of ours' },
      });
      provider.says = succeeded;
      await reconciler.until(addMs(NOON, HOUR));
      expect(provider.asked).toEqual(['0', 'r-a', 'r-b', 'r-c', 'r-b', 'r-b']);
      expect(await found(id)).toEqual([]);
      expect(await stateOf(running, id)).toMatchObject({ status: 'done', compared: 3 });
    });

    test.each([
      ['goes on listing: it differs', false, 'done', ['status_differs a:succeeded:unknown']],
      ['does not list either: it is given up', true, 'failed', []],
    ])('about which nothing is said for a day, by one that %s', async (_, down, status, kinds) => {
      const provider = new ListingProvider(running.clock, 1);
      provider.says = () => ({ outcome: 'unknown', detail: 'timed out' });
      await insertCharges(running, [{ id: 'a' }]);
      const id = await ordered(running);
      const reconciler = new ReconcilerByHand(running, provider);
      await reconciler.until(addMs(NOON, HOUR));
      provider.down = down;
      await reconciler.until(addMs(NOON, 2 * DAY));
      expect(await stateOf(running, id)).toMatchObject({ status, nextActionAt: null });
      expect(await found(id)).toEqual(kinds);
    });
  });

  test('what is listed as pending, and has succeeded since, agrees', async () => {
    const evidence = { outcome: 'pending' as const, providerReference: 't-a' };
    const provider = new ListingProvider(running.clock, 1, () => [listed('a', { evidence })]);
    await insertCharges(running, [{ id: 'a' }]);
    const compare = async (says: ListingProvider['says']) => {
      provider.says = says;
      const id = await ordered(running);
      await new ReconcilerByHand(running, provider).until(NOON);
      return found(id);
    };
    expect(await compare(succeeded)).toEqual([]);
    const pending = ['status_differs a:succeeded:pending'];
    expect(await compare(() => evidence)).toEqual(pending);
    // Nobody says anything: what is listed counts.
    expect(await compare(() => ({ outcome: 'unknown', detail: '' }))).toEqual(pending);
  });

  describe('Every day', () => {
    const time = { zone: 'Europe/London', at: '09:00' };
    const days = async () => {
      const sql = 'SELECT day, from_at, to_at, status FROM reconciliations ORDER BY id';
      return running.db.transaction((tx) => tx.select(sql));
    };

    test('the one before is reconciled; nothing from before the first start is', async () => {
      const provider = new ListingProvider(running.clock, 1);
      const reconciler = new ReconcilerByHand(running, provider, time);
      const times = await reconciler.until('2026-02-02T12:00:00Z');
      expect(times).toEqual([NOON, '2026-02-01T09:00:00.000Z', '2026-02-02T09:00:00.000Z']);
      const day = (day: string, fromAt: string, toAt: string) => ({
        ...{ day, fromAt: `${fromAt}T00:00:00.000Z`, toAt: `${toAt}T00:00:00.000Z` },
        status: 'done',
      });
      expect(await days()).toEqual([
        day('2026-01-31', '2026-01-31', '2026-02-01'),
        day('2026-02-01', '2026-02-01', '2026-02-02'),
      ]);
    });

    test.each([
      [3, 3],
      [40, 35],
    ])('after %i days of standstill %i are made up for, oldest first', async (passed, made) => {
      const provider = new ListingProvider(running.clock, 1);
      await new ReconcilerByHand(running, provider, time).until(NOON);
      const later = addMs(NOON, passed * DAY);
      await running.clock.set(later);
      await new ReconcilerByHand(running, provider, time).until(later);
      const all = (await days()).map(({ day }) => day);
      expect(all).toHaveLength(made);
      expect(all).toEqual([...all].sort());
      expect(all.at(-1)).toBe(addMs(later, -DAY).slice(0, 10));
    });

    test('once, however many replicas think of it', async () => {
      const provider = new ListingProvider(running.clock, 1);
      const replicas = range(3).map(() => new ReconcilerByHand(running, provider, time));
      for (const at of [NOON, parseInstant('2026-02-03T09:00:00Z')]) {
        if (at > running.clock.now()) await running.clock.set(at);
        await Promise.all(replicas.map((replica) => replica.until(at)));
      }
      expect((await days()).map(({ day }) => day)).toEqual([
        ...['2026-01-31', '2026-02-01', '2026-02-02'],
      ]);
      expect(provider.asked).toHaveLength(3);
    });
  });

  // biome-ignore format: a table
  const NEVER: [string, Row][] = [
    ['is running and due never',            { nextActionAt: null }],
    ['is running, and is over',             { finishedAt: NOON }],
    ['is running at no step',               { step: null }],
    ['is running, and only forgets',        { step: 'clearing' }],
    ['is in no known state',                { status: 'paused' }],
    ['is done without saying when',         { status: 'done', step: null, nextActionAt: null }],
    ['is done and still compares',          { status: 'done', finishedAt: NOON }],
    ['is done, due, and has nothing to do', { status: 'done', finishedAt: NOON, step: null }],
    ['has failed, and will never forget',   { status: 'failed', finishedAt: NOON, step: 'clearing', nextActionAt: null }],
    ['has an empty window',                 { toAt: FROM }],
  ];
  test.each(NEVER)('none %s', async (_, wrong) => {
    const id = await ordered(running);
    const change = (row: Row) =>
      running.db.transaction((tx) => tx.update('reconciliations', ['id'], [{ id, ...row }]));
    await expect(change(wrong)).rejects.toThrow(/constraint/i);
    expect(await change({ status: 'done', finishedAt: NOON, step: 'clearing' })).toBe(1);
    expect(await change({ step: null, nextActionAt: null })).toBe(1);
  });

  describe('What cannot be decided about', () => {
    const books = (id: string, reference: string) => [
      listed('bad'),
      listed(id, { reference, amount: { amountMinor: 1000, currency: 'GBP' } }),
    ];

    test('is left open, and the others are settled', async () => {
      const customer = await stored(
        running.db,
        (one) => one.buys('s', { on: '2026-01-03' }),
        (one) => one.runsOn('2026-02-03'),
      );
      const { reference, id: good } = customer.lastAttempt;
      await running.clock.set(parseInstant('2026-02-04T12:00:00Z'));
      await insertCharges(running, [{ id: 'bad', status: 'unknown' }]);
      await insertOddSchedule(running, 'c-bad');
      const provider = new ListingProvider(running.clock, 1, () => books(good, reference));
      const id = await ordered(running, { from: FROM, to: parseInstant('2026-02-04T00:00:00Z') });
      await new ReconcilerByHand(running, provider).until(running.clock.now());
      expect(await found(id)).toEqual([`status_differs ${good}:created:succeeded`]);
      expect(await stateOf(running, id)).toMatchObject({ status: 'done', autoFixed: 1 });
    });

    test('because its row is odd, holds up its own reconciliation only, which fails after a day', async () => {
      await insertCharges(running, [{ id: 'bad', more: { items: 'no JSON' } }]);
      const provider = new ListingProvider(running.clock, 1, () => [listed('bad')]);
      const bad = await ordered(running);
      const reconciler = new ReconcilerByHand(running, provider);
      await reconciler.until(addMs(NOON, HOUR));
      const failure = 'it cannot go on: the log says why';
      expect(await stateOf(running, bad)).toMatchObject({ status: 'running', failure });
      await reconciler.until(addMs(NOON, 2 * DAY));
      expect(await stateOf(running, bad)).toMatchObject({ status: 'failed', failure });
    });
  });
}

/** Such as nobody can read: it was changed by hand. */
async function insertOddSchedule({ db }: Running, customerId: string): Promise<void> {
  const bought = {
    productId: 'p',
    productName: 'Balm',
    quantity: 1,
    amountMinor: 1,
    currency: 'GBP',
  };
  const row = {
    ...{ subscriptionId: 'odd', customerId, state: 'live', ...bought, billingInterval: 'weekly' },
    ...{ anchorDate: '2026-01-01', firstCycle: 1, startedAt: NOON, nextCycle: 1 },
    ...{ nextBillingDate: '2026-02-01', cancellationOn: null, cancellationAcceptedAt: null },
    ...{ noticeVersion: 0, endCause: null, endedAt: null, skippedCycle: null, version: 1 },
  };
  await db.transaction((tx) => tx.insert('schedules', [row]));
}
