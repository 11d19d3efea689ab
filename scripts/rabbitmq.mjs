import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './process.mjs';
import {
  answers,
  freePort,
  killServer,
  startServer,
  stopServer,
  untilReady,
} from './server-process.mjs';

const LOOPBACK_ONLY = '-kernel inet_dist_use_interface {127,0,0,1}';

/** A private broker in `folder`: its node name, ports, cookie and files are all its own. */
export async function startRabbit(program, folder) {
  const home = join(folder, 'rabbitmq');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, '.erlang.cookie'), `perennial${process.pid}`);
  chmodSync(join(home, '.erlang.cookie'), 0o400);
  writeFileSync(join(home, 'plugins'), '[].');
  const [port, distPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
  const own = {
    HOME: home,
    RABBITMQ_NODENAME: `perennial-${process.pid}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distPort),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_PID_FILE: join(home, 'pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'plugins'),
    RABBITMQ_CONFIG_FILE: join(home, 'none'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: LOOPBACK_ONLY,
  };
  const env = { ...process.env, ...own };
  const greeting = Buffer.from('AMQP\0\0\x09\x01', 'latin1');
  let server;
  const start = async () => {
    server = startServer(program, [], env);
    await untilReady('RabbitMQ', server, () => answers(port, greeting), 90);
  };
  await start();
  return {
    env: {
      TEST_AMQP_URL: `amqp://guest:guest@127.0.0.1:${port}`,
      // What it takes to make a virtual host for each suite.
      TEST_RABBITMQCTL: join(dirname(program), 'rabbitmqctl'),
      TEST_RABBITMQ_ENV: JSON.stringify(own),
    },
    shown: { name: 'rabbitmq', pid: server.child.pid, address: `127.0.0.1:${port}`, data: home },
    start,
    kill: () => killServer(server),
    stop: async () => {
      await stopServer(server);
      // Erlang starts its port mapper as a daemon; this one is ours, by its port.
      await run('epmd', ['-port', String(epmdPort), '-kill'], { env: own, quiet: true }).catch(
        () => 0,
      );
    },
  };
}
