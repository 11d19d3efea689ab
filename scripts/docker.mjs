import { must, printed, say } from './process.mjs';
import { answers, freePort } from './server-process.mjs';

const STARTS_WITHIN_MS = 120_000;

/** The same servers from images, on free ports of the loopback, gone with the command. */
export async function dockerServers() {
  const [mysqlPort, amqpPort] = [await freePort(), await freePort()];
  const names = {
    mysql: `perennial-mysql-${process.pid}`,
    rabbit: `perennial-rabbit-${process.pid}`,
  };
  say('starting MySQL and RabbitMQ in Docker');
  const run = ['run', '-d', '--rm'];
  await must(
    'docker',
    [
      ...run,
      '--name',
      names.mysql,
      '-p',
      `127.0.0.1:${mysqlPort}:3306`,
      '-e',
      'MYSQL_ALLOW_EMPTY_PASSWORD=yes',
      '-e',
      'MYSQL_ROOT_HOST=%',
      'mysql:8.4',
    ],
    { quiet: true },
  );
  await must(
    'docker',
    [...run, '--name', names.rabbit, '-p', `127.0.0.1:${amqpPort}:5672`, 'rabbitmq:4'],
    { quiet: true },
  );
  const stop = async () => {
    for (const name of Object.values(names)) await printed('docker', ['rm', '-f', name]);
  };
  const greeting = Buffer.from('AMQP\0\0\x09\x01', 'latin1');
  const end = Date.now() + STARTS_WITHIN_MS;
  while (!((await answers(mysqlPort)) && (await answers(amqpPort, greeting)))) {
    if (Date.now() > end) {
      await stop();
      throw new Error('the containers did not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const env = {
    TEST_MYSQL_URL: `mysql://root@127.0.0.1:${mysqlPort}/`,
    TEST_AMQP_URL: `amqp://guest:guest@127.0.0.1:${amqpPort}`,
  };
  return { env, stop };
}
