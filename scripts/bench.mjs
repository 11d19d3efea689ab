import { install } from './install.mjs';
import { run } from './process.mjs';
import { obtainServers } from './servers.mjs';

export async function bench(args) {
  await install();
  const servers = await obtainServers();
  try {
    const source = ['--conditions=@perennial/source', '--import', 'tsx'];
    return await run(process.execPath, [...source, 'bench/src/main.ts', ...args], {
      env: servers.env,
    });
  } finally {
    await servers.stop();
  }
}
