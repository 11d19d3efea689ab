import { build, install } from './install.mjs';
import { run } from './process.mjs';
import { obtainServers } from './servers.mjs';

/** The same as separate processes, on servers that are obtained as for the tests; see embedded/. */
export async function up(args) {
  await install();
  await build();
  const servers = await obtainServers();
  try {
    return await run(process.execPath, ['embedded/dist/up.js', ...args], { env: servers.env });
  } finally {
    await servers.stop();
  }
}
