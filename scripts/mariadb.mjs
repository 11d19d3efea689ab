import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './process.mjs';
import {
  answers,
  freePort,
  killServer,
  startServer,
  stopServer,
  untilReady,
} from './server-process.mjs';

/** A private server in `folder`, on a free port of the loopback. */
export async function startMariaDb(program, folder) {
  const home = join(folder, 'mariadb');
  const datadir = join(home, 'data');
  mkdirSync(home, { recursive: true });
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  await initialize(program, datadir, user);
  const port = await freePort();
  const options = [
    '--no-defaults',
    ...user,
    `--datadir=${datadir}`,
    `--socket=${join(home, 'socket')}`,
    `--pid-file=${join(home, 'pid')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--innodb-buffer-pool-size=512M',
    '--innodb-log-file-size=256M',
    '--max-connections=500',
  ];
  let server;
  const start = async () => {
    server = startServer(program, options, process.env);
    await untilReady('MariaDB', server, () => answers(port), 60);
  };
  await start();
  return {
    env: { TEST_MYSQL_URL: `mysql://root@127.0.0.1:${port}/` },
    shown: { name: 'mariadb', pid: server.child.pid, address: `127.0.0.1:${port}`, data: datadir },
    start,
    kill: () => killServer(server),
    stop: () => stopServer(server),
  };
}

async function initialize(program, datadir, user) {
  if (program.endsWith('mysqld') && !existsSync('/usr/bin/mariadb-install-db')) {
    const options = ['--no-defaults', '--initialize-insecure', `--datadir=${datadir}`];
    await must(program, [...options, ...user], { quiet: true });
    return;
  }
  const options = ['--no-defaults', `--datadir=${datadir}`, '--skip-test-db'];
  const root = '--auth-root-authentication-method=normal';
  await must('mariadb-install-db', [...options, root, ...user], { quiet: true });
}
