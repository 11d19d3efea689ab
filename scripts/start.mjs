import { build, install } from './install.mjs';
import { run } from './process.mjs';

/** Everything in one process; see embedded/. */
export async function start(args) {
  await install();
  await build();
  return run(process.execPath, ['embedded/dist/main.js', ...args]);
}
