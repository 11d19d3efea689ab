import { join } from 'node:path';
import { type Database, explain, isUniqueViolation, migrate, migrationStatus } from '../src';

const folders = [join(__dirname, 'migrations')];

const thing = (id: string, amount: number | null = 1) => ({ id, ownerName: 'ann', amount });

/** What MySQL, MariaDB and SQLite must do alike. */
export function describeDatabase(open: () => Promise<Database>): void {
  let db: Database;
  const all = () =>
    db.transaction((tx) => tx.select('SELECT id, owner_name, amount FROM things ORDER BY id'));

  beforeEach(async () => {
    db = await open();
    await migrate(db, folders);
  });
  afterEach(() => db.close());

  test('migrates once, and says so', async () => {
    expect(await migrate(db, folders)).toEqual([]);
    const status = await migrationStatus(db, folders);
    expect(status).toEqual([
      { name: 'test/0001-things.sql:1', applied: true },
      { name: 'test/0001-things.sql:2', applied: true },
    ]);
  });

  test('a row comes back under camelCase names, with numbers as numbers', async () => {
    const row = { id: "o'neil\\ :id ?", ownerName: '—', amount: 9007199254740991 };
    await db.transaction((tx) => tx.insert('things', [row]));
    expect(await all()).toEqual([row]);
  });

  test('a statement that was asked before tells of a column that came since', async () => {
    await db.transaction((tx) => tx.insert('things', [thing('a')]));
    const everything = () => db.transaction((tx) => tx.select('SELECT * FROM things'));
    const before = { position: 1, ...thing('a') };
    expect(await everything()).toEqual([before]);
    await db.transaction((tx) => tx.execute('ALTER TABLE things ADD COLUMN shade INT DEFAULT 7'));
    expect(await everything()).toEqual([{ ...before, shade: 7 }]);
  });

  test('a statement whose only value is NULL is one like any other', async () => {
    await db.transaction((tx) => tx.insert('things', [thing('a', null), thing('b')]));
    const sql = 'SELECT id FROM things WHERE amount IS :amount';
    expect(await db.transaction((tx) => tx.select(sql, { amount: null }))).toEqual([{ id: 'a' }]);
    const update = 'UPDATE things SET amount = :amount';
    expect(await db.transaction((tx) => tx.execute(update, { amount: null }))).toBe(2);
  });

  test('leaves out duplicates only when asked, and counts what it inserted', async () => {
    await db.transaction((tx) => tx.insert('things', [thing('a')]));
    const ids = ['a', 'b', 'c'].map((id) => thing(id));
    const again = db.transaction((tx) => tx.insert('things', ids));
    const failure = await again.catch((error: unknown) => error);
    expect(isUniqueViolation(failure)).toBe(true);
    const inserted = await db.transaction((tx) =>
      tx.insert('things', ids, { ignoreDuplicates: true }),
    );
    expect(inserted).toBe(2);
    expect(await all()).toHaveLength(3);
  });

  test('a broken CHECK is no duplicate: it throws', async () => {
    const broken = db.transaction((tx) =>
      tx.insert('things', [thing('a'), thing('b', -1)], { ignoreDuplicates: true }),
    );
    await expect(broken).rejects.toThrow();
    expect(await all()).toEqual([]);
  });

  test('updates many rows by key, each to its own values, and never inserts', async () => {
    const ids = Array.from({ length: 1201 }, (_, index) => `id-${String(index).padStart(4, '0')}`);
    await db.transaction((tx) =>
      tx.insert(
        'things',
        ids.map((id) => thing(id)),
      ),
    );
    const changed = [...ids, 'missing'].map((id, index) => ({
      id,
      amount: index % 2 ? index : null,
    }));
    const met = await db.transaction((tx) => tx.update('things', ['id'], changed));
    expect(met).toBe(1201);
    expect(await all()).toEqual(
      changed.slice(0, -1).map(({ id, amount }) => ({ id, ownerName: 'ann', amount })),
    );
  });

  test('an update that changes nothing has met its row', async () => {
    await db.transaction((tx) => tx.insert('things', [thing('a')]));
    const sql = "UPDATE things SET amount = 1 WHERE id = 'a'";
    expect(await db.transaction((tx) => tx.execute(sql))).toBe(1);
  });

  test('rolls back all of the work, and tells nobody', async () => {
    const told = jest.fn();
    db.onCommit(told);
    const failing = db.transaction(async (tx) => {
      await tx.insert('things', [thing('a')]);
      throw new Error('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    expect(await all()).toEqual([]);
    expect(told).not.toHaveBeenCalled();
    await db.transaction((tx) => tx.insert('things', [thing('a')]));
    expect(told).toHaveBeenCalledTimes(1);
  });

  test('refuses a transaction inside a transaction', async () => {
    await expect(db.transaction(() => all())).rejects.toThrow('inside a transaction');
  });

  test('forty transactions at once each add one', async () => {
    await db.transaction((tx) => tx.insert('things', [thing('a')]));
    const add = () =>
      db.transaction(async (tx) => {
        const [row] = await tx.select(`SELECT amount FROM things WHERE id = 'a'${tx.forUpdate}`);
        const amount = Number(row?.['amount']) + 1;
        await tx.execute("UPDATE things SET amount = :amount WHERE id = 'a'", { amount });
      });
    await Promise.all(Array.from({ length: 40 }, add));
    expect(await all()).toEqual([thing('a', 41)]);
  });

  test('tells by which index a statement reads', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => thing(`id-${index}`, index + 1));
    await db.transaction((tx) => tx.insert('things', rows));
    await db.transaction(async (tx) => {
      const byOwner = "SELECT * FROM things WHERE owner_name = 'bob' ORDER BY amount LIMIT 5";
      expect(await explain(byOwner, {}, tx)).toEqual([
        { table: 'things', index: 'things_owner', walks: false, sorts: false },
      ]);
      const byAmount = 'SELECT * FROM things WHERE amount = 3';
      expect(await explain(byAmount, {}, tx)).toMatchObject([{ table: 'things', walks: true }]);
    });
  });

  test("the database's clock counts milliseconds", async () => {
    const [row] = await db.transaction((tx) => tx.select(`SELECT ${tx.databaseNowMs} AS now`));
    expect(Math.abs(Number(row?.['now']) - Date.now())).toBeLessThan(5000);
  });
}
