import type { Database } from '@perennial/database';
import { history, latestEntries } from '../src';
import { happened, Trail } from './trail';

/** What MySQL, MariaDB and SQLite must do alike. */
export function describeAudit(open: () => Promise<Database>): void {
  let trail: Trail;
  beforeAll(async () => {
    trail = await Trail.in(open());
  });
  afterAll(() => trail?.db.close());
  beforeEach(() => trail.emptied());

  test('an empty trail is whole', async () => {
    expect(await trail.sealer.nextAt()).toBeNull();
    await trail.sealer.run();
    expect(await trail.verify()).toEqual({ entries: 0, ok: true });
  });

  test('entries wait for the sealer, which numbers them once', async () => {
    await trail.write(happened(1), happened(2));
    expect(await trail.verify()).toEqual({ entries: 0, ok: true });
    expect(await trail.sealer.nextAt()).toBe(happened(0).at);
    await trail.sealer.run();
    expect(await trail.sealer.nextAt()).toBeNull();
    const once = await trail.rows();
    expect(once.map(({ seq, sealed }) => [seq, sealed])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    await trail.sealer.run();
    expect(await trail.rows()).toEqual(once);
    await trail.write(happened(3));
    await trail.sealer.run();
    expect((await trail.rows()).map(({ at }) => at)).toEqual([1, 2, 3].map((n) => happened(n).at));
    expect(await trail.verify()).toEqual({ entries: 3, ok: true });
  });

  test('more entries than one page of the sealer and of the walk make one chain', async () => {
    await trail.sealed(2345);
    expect(await trail.verify()).toEqual({ entries: 2345, ok: true });
  });

  test('what is rolled back has not happened', async () => {
    const failing = trail.read(async (tx) => {
      await trail.writeIn(tx, happened(1));
      throw new Error('no money');
    });
    await expect(failing).rejects.toThrow('no money');
    expect(await trail.rows()).toEqual([]);
  });

  test('history tells what happened to one entity, oldest first, by whom and why', async () => {
    const other = { type: 'payment', id: 'p-2' };
    const refund = { type: 'refund', id: 'p-1' };
    const facts = { name: 'Zoë 🦊 \\ "quoted" :name ?', none: null, list: [1, 2] };
    const { traceparent: _, ...shownCause } = happened(1).cause;
    await trail.write(happened(1, { from: null, facts }), happened(2, { entity: other }));
    await trail.write(happened(3, { entity: refund }), happened(4, { to: 'succeeded' }));
    await trail.sealer.run();
    const told = await trail.read((tx) => history('payment', 'p-1', tx));
    const entity = { type: 'payment', id: 'p-1' };
    const first = { from: null, to: 'processing', facts, at: happened(1).at };
    const second = {
      from: 'scheduled',
      to: 'succeeded',
      facts: { amountMinor: 1004, status: 'processing' },
      at: happened(4).at,
    };
    expect(told.map(({ id: _, ...shown }) => shown)).toEqual([
      { ...first, entity, cause: shownCause },
      { ...second, entity, cause: shownCause },
    ]);
    expect(await trail.verify()).toEqual({ entries: 4, ok: true });
  });

  test('an entity nobody knows has no history', async () => {
    await trail.sealed(1);
    expect(await trail.read((tx) => history('payment', 'p-9', tx))).toEqual([]);
  });

  test('the latest entry of each entity of a type, page by page', async () => {
    const payment = (n: number, id: string) => happened(n, { entity: { type: 'payment', id } });
    await trail.write(payment(1, 'b'), payment(2, 'a'), payment(3, 'b'), payment(4, 'c'));
    await trail.write(payment(6, 'a'), happened(7, { entity: { type: 'refund', id: 'a' } }));
    const page = async (after: string) => {
      const entries = await trail.read((tx) => latestEntries('payment', { after, limit: 2 }, tx));
      return entries.map(({ entityId, at }) => [entityId, at]);
    };
    expect(await page('')).toEqual([
      ['a', happened(6).at],
      ['b', happened(3).at],
    ]);
    expect(await page('b')).toEqual([['c', happened(4).at]]);
    expect(await page('c')).toEqual([]);
  });

  test('writers and sealers at the same time leave one chain, whole at every moment', async () => {
    const writing = Array.from({ length: 60 }, (_, n) => trail.write(happened(n), happened(n)));
    const sealing = [1, 2, 3].map(async () => {
      for (let round = 0; round < 10; round += 1) {
        await trail.sealer.run();
        expect(await trail.verify()).toMatchObject({ ok: true });
      }
    });
    await Promise.all([...writing, ...sealing]);
    await trail.sealer.run();
    expect(await trail.verify()).toEqual({ entries: 120, ok: true });
  });
}
