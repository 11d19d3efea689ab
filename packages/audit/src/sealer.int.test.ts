import { EventEmitter, once } from 'node:events';
import { openDatabase } from '@perennial/database';
import { testMysqlUrl, until } from '@perennial/testing';
import { happened, Trail } from '../test/trail';

const WAITING_HERE = `SELECT id FROM information_schema.processlist
  WHERE db = DATABASE() AND info LIKE '%audit_head%' AND id <> CONNECTION_ID()`;

test('a sealer waits for the one at work, and goes on from where that one ended', async () => {
  const trail = await Trail.in(openDatabase(await testMysqlUrl()));
  await trail.sealed(1);
  await trail.write(happened(2));
  const atWork = new EventEmitter();
  const begun = once(atWork, 'begun');
  const other = trail.read(async (tx) => {
    await tx.execute('UPDATE audit_head SET seq = 7');
    atWork.emit('begun');
    await until(async () => (await tx.select(WAITING_HERE)).length > 0);
  });
  await begun;
  await Promise.all([other, trail.sealer.run()]);
  expect((await trail.rows()).map(({ seq }) => seq)).toEqual([1, 8]);
  await trail.db.close();
});
