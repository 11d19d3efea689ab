import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** In a process of its own: what its digests say of two histories. */
function digests(env: Readonly<Record<string, string>>): string[] {
  const source = ['--conditions=@perennial/source', '--import', 'tsx'];
  const wanted = ['--seeds', '5..6', '--days', '30', '--customers', '5', '--jobs', '1'];
  const printed = execFileSync(
    process.execPath,
    [...source, join(__dirname, 'main.ts'), ...wanted],
    { cwd: root, env: { PATH: process.env['PATH'], NODE_OPTIONS: '', ...env }, encoding: 'utf8' },
  );
  const found = [...printed.matchAll(/^seed .* ([0-9a-f]{16})$/gm)].map(
    ([, digest = '']) => digest,
  );
  expect(found).toHaveLength(2);
  return found;
}

test('the same seed has the same history to the byte, in whatever zone and language the machine is', () => {
  const first = digests({ TZ: 'UTC', LANG: 'C' });
  expect(first[0]).not.toBe(first[1]);
  expect(digests({ TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8' })).toEqual(first);
  expect(digests({ TZ: 'America/St_Johns', LC_ALL: 'de_DE.UTF-8' })).toEqual(first);
});
