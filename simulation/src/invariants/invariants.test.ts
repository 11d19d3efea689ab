import type { Plant } from '../../test/planting';
import { PLANTS } from '../../test/plants';
import { smallShop } from '../../test/small-shop';
import { brokenOf, invariants } from '../invariants';
import type { RunRecord } from '../record';
import type { World } from '../world';

let world: World;
let record: RunRecord;

beforeAll(async () => {
  world = await smallShop();
  record = world.record();
});
afterAll(() => world.close());

test('of a hundred days without a fault nothing is broken', async () => {
  const broken = await brokenOf(
    invariants(() => world.databases),
    record,
  );
  expect(broken.map(({ invariant, violations }) => [invariant.name, violations])).toEqual([]);
});

test('every invariant has a fault that it must find, and each has a name and a meaning of its own', () => {
  const list = invariants(() => world.databases);
  const names = list.map(({ name }) => name);
  expect([...new Set(names)]).toEqual(names);
  expect(new Set(list.map(({ meaning }) => meaning)).size).toBe(names.length);
  const planted = new Set([...PLANTS.map(([name]) => name), ...IN_DATABASES.map(([name]) => name)]);
  expect([...planted].sort()).toEqual([...names].sort());
});

async function isBroken(name: string, plant: Plant): Promise<boolean> {
  const list = invariants(() => world.databases).filter((one) => one.name === name);
  const [broken] = await brokenOf(list, plant(record));
  return broken?.invariant.name === name && broken.violations.every(({ text }) => text !== '');
}

test.each(PLANTS)('%s is broken by %s', async (name, _, plant) => {
  expect(await isBroken(name, plant)).toBe(true);
});

// The services' own audit tools read the databases themselves.
const IN_DATABASES = [
  [
    'audit/chain-verifies',
    `UPDATE audit_entries SET actor = 'nobody' WHERE seq = 7`,
    `UPDATE audit_entries SET actor = :before WHERE seq = 7`,
    'SELECT actor AS kept FROM audit_entries WHERE seq = 7',
  ],
  [
    'audit/rebuilds',
    `UPDATE payments SET first_reached_on = '2026-01-01' WHERE status = 'exhausted'`,
    `UPDATE payments SET first_reached_on = :before WHERE status = 'exhausted'`,
    `SELECT first_reached_on AS kept FROM payments WHERE status = 'exhausted'`,
  ],
] as const;

test.each(IN_DATABASES)('%s is broken by %s', async (name, harm, repair, select) => {
  const { billing } = world.databases;
  const [row] = await billing.transaction((tx) => tx.select(select));
  await billing.transaction((tx) => tx.execute(harm));
  const broken = await isBroken(name, (same) => same);
  await billing.transaction((tx) => tx.execute(repair, { before: String(row?.['kept']) }));
  expect(broken).toBe(true);
  expect(await isBroken(name, (same) => same)).toBe(false);
});
