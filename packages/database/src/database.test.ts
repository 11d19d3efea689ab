import { describeDatabase } from '../test/database-suite';
import { openDatabase } from './database';

describeDatabase(() => openDatabase('sqlite::memory:'));

test('a statement asked after a table was altered forgets that with the rollback', async () => {
  const db = await openDatabase('sqlite::memory:');
  await db.transaction((tx) => tx.execute('CREATE TABLE things (id INT)'));
  await db.transaction((tx) => tx.execute('INSERT INTO things VALUES (1)'));
  const everything = 'SELECT * FROM things';
  const failing = db.transaction(async (tx) => {
    await tx.execute('ALTER TABLE things ADD COLUMN shade INT DEFAULT 7');
    expect(await tx.select(everything)).toEqual([{ id: 1, shade: 7 }]);
    throw new Error('not so');
  });
  await expect(failing).rejects.toThrow('not so');
  expect((await db.transaction((tx) => tx.select(everything))).map(Object.keys)).toEqual([['id']]);
  await db.close();
});
