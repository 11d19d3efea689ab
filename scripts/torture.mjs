import { fork } from 'node:child_process';
import { install } from './install.mjs';
import { root } from './process.mjs';
import { obtainServers } from './servers.mjs';

/** The torture, and at its word the end of the servers and their new beginning; see simulation/. */
export async function torture(args) {
  await install();
  const servers = await obtainServers();
  const own = servers.own ?? {};
  try {
    const child = fork('simulation/src/torture.ts', args, {
      cwd: root,
      execArgv: ['--conditions=@perennial/source', '--import', 'tsx'],
      env: { ...process.env, ...servers.env, TORTURE_KILLS: Object.keys(own).join(',') },
    });
    child.on('message', (order) => void obey(order, own, child));
    return await endOf(child);
  } finally {
    await servers.stop();
  }
}

/** `{id, server: 'mariadb' | 'rabbitmq', what: 'kill' | 'start'}`; answered by `{id, error}`. */
async function obey({ id, server, what }, own, child) {
  let error = null;
  try {
    await own[server][what]();
  } catch (thrown) {
    error = thrown.message;
  }
  if (child.connected) child.send({ id, error });
}

function endOf(child) {
  return new Promise((resolve, reject) => {
    // The terminal sends Ctrl-C to both; the child decides what to do about it.
    const pass = (signal) => child.kill(signal);
    const ignore = () => {};
    process.on('SIGTERM', pass).on('SIGINT', ignore);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGTERM', pass).off('SIGINT', ignore);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}
