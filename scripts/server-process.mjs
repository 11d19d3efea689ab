import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { Failure } from './process.mjs';

/** A port of the loopback that nobody uses just now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Dies with us, however we end. */
export function startServer(command, args, env) {
  const bound = existsSync('/usr/bin/setpriv')
    ? ['/usr/bin/setpriv', ['--pdeathsig', 'TERM', command, ...args]]
    : [command, args];
  // Detached: Ctrl-C is for us, and servers end after what uses them.
  const child = spawn(...bound, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let last = '';
  const remember = (chunk) => {
    last = (last + chunk).slice(-4000);
  };
  child.stdout.on('data', remember);
  child.stderr.on('data', remember);
  const ended = new Promise((resolve) => child.once('close', resolve));
  return { child, ended, output: () => last };
}

/** Resolves when `isReady` says so; throws with what the server said when it ends or takes too long. */
export async function untilReady(name, server, isReady, seconds) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (server.child.exitCode !== null || server.child.signalCode !== null) break;
    if (await isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Failure(`${name} did not start:\n${server.output()}`);
}

/** Sends `greeting`, if any, and answers whether the other side says anything. */
export function answers(port, greeting) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(1000, () => done(false));
    socket.once('error', () => done(false));
    socket.once('data', () => done(true));
    socket.once('connect', () => greeting && socket.write(greeting));
  });
}

const STOP_MS = 15_000;

export async function stopServer({ child, ended }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
}

/** At once and with all that it started, as a machine that loses its power. */
export async function killServer({ child, ended }) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
  await ended;
}
