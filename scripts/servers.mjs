import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { dockerServers } from './docker.mjs';
import { startMariaDb } from './mariadb.mjs';
import { Failure, printed, say } from './process.mjs';
import { startRabbit } from './rabbitmq.mjs';

const RABBIT = ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/usr/sbin/rabbitmq-server'];
const DATABASE = ['/usr/sbin/mariadbd', '/usr/sbin/mysqld', '/usr/libexec/mariadbd'];

/**
 * A database server and a broker: those that TEST_MYSQL_URL and TEST_AMQP_URL name, else private ones
 * of our own from installed programs, which are installed where that is allowed, else from Docker.
 * Servers that run already are left alone. Answers the environment that names them, how to stop, and
 * where they are private ones of ours (`own`, by name) how to kill each and start it again.
 */
export async function obtainServers() {
  const { TEST_MYSQL_URL, TEST_AMQP_URL } = process.env;
  if (TEST_MYSQL_URL && TEST_AMQP_URL) {
    say('using the servers of TEST_MYSQL_URL and TEST_AMQP_URL');
    return { env: {}, stop: async () => {} };
  }
  if (!(installed(DATABASE) && installed(RABBIT)) && mayInstall()) await aptInstall();
  const database = installed(DATABASE);
  const rabbit = installed(RABBIT);
  if (database && rabbit) return startPrivate(database, rabbit);
  if (await printed('docker', ['info', '--format', '{{.ServerVersion}}'])) return dockerServers();
  throw new Failure(
    'There is no mariadbd or mysqld with rabbitmq-server here, no Docker engine, and this user may not install packages.',
  );
}

function installed(paths) {
  return paths.find((path) => existsSync(path));
}

function mayInstall() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
}

async function startPrivate(database, rabbit) {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-servers-'));
  say(`starting a private MariaDB and RabbitMQ in ${folder}`);
  const started = await Promise.allSettled([
    startMariaDb(database, folder),
    startRabbit(rabbit, folder),
  ]);
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  say('both servers are ready');
  const PERENNIAL_SERVERS = JSON.stringify(servers.map(({ shown }) => shown));
  return {
    env: Object.assign({ PERENNIAL_SERVERS }, ...servers.map(({ env }) => env)),
    own: Object.fromEntries(servers.map((server) => [server.shown.name, server])),
    stop,
  };
}
