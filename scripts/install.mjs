import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, root, say } from './process.mjs';

const marker = join(root, 'node_modules', '.installed-for');

/** `npm ci`, unless what is there was installed for this very lockfile. */
export async function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  say('installing packages (npm ci)');
  await must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(marker, wanted);
  say('packages are installed');
}

/** What has not changed since the last build is taken from turbo's cache. */
export async function build() {
  say('building (turbo)');
  const options = ['--output-logs=errors-only', '--no-update-notifier'];
  await must(join(root, 'node_modules', '.bin', 'turbo'), ['run', 'build', ...options], {
    env: { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  });
  say('built');
}
