import { AttemptResolved } from '@perennial/contracts';
import { openDatabase } from '@perennial/database';
import { clock, ids, resolved } from '../test/conversation';
import { dispatch } from './dispatch';
import { envelopeOf } from './envelope';
import { on } from './handler';

test('a handler that never settles is given up after its deadline', async () => {
  const handler = on(AttemptResolved, () => new Promise(() => {}));
  const sender = { service: 'billing', clock, ids } as const;
  const message = { envelope: envelopeOf(resolved(), sender), handler, body: '' };
  const db = await openDatabase('sqlite::memory:');
  const handling = db.transaction((tx) => dispatch([message], sender, tx, 20));
  await expect(handling).rejects.toThrow('not handled within 20 ms');
  await db.close();
});
