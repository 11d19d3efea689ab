import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runService } from '../test/running-service';
import { ada, shopOf } from '../test/shop';
import { Keyring } from './keyring';
import { rewriteOldKeys } from './rewrite-old-keys';

const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-rotation-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a key is replaced without losing a customer', async () => {
  const url = `sqlite:${join(folder, 'data')}`;
  const before = await runService(url, { keys: [1] });
  const id = await shopOf(before).customer();
  await before.stop();

  const during = await runService(url, { keys: [2, 1] });
  const search = (running: typeof during) =>
    shopOf(running).post('/customers/search', { email: ada.email });
  expect((await search(during)).body.data).toMatchObject([{ id, firstName: 'Ada' }]);
  const timer = rewriteOldKeys(during.db, during.clock, new Keyring([newer, older]));
  expect(await timer.nextAt()).toBe(during.clock.now());
  await timer.run();
  expect(await timer.nextAt()).toBeNull();
  await during.stop();

  const after = await runService(url, { keys: [2] });
  expect((await search(after)).body.data).toMatchObject([{ id, firstName: 'Ada' }]);
  await after.stop();
});
