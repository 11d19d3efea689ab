import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The URL of an empty virtual host of its own, on the broker that TEST_AMQP_URL names. Where that is
 * not one that `npm test` started, its virtual host is shared by all suites. Throws where there is none.
 */
export async function testAmqpUrl(): Promise<string> {
  const broker = process.env['TEST_AMQP_URL'];
  if (!broker) throw new Error('TEST_AMQP_URL is not set: run npm test, which obtains a broker');
  const { TEST_RABBITMQCTL: ctl, TEST_RABBITMQ_ENV: own } = process.env;
  if (!ctl || !own) return broker;
  const name = `test-${randomBytes(8).toString('hex')}`;
  const env = { ...process.env, ...(JSON.parse(own) as Record<string, string>) };
  await run(ctl, ['add_vhost', name], { env });
  await run(ctl, ['set_permissions', '-p', name, 'guest', '.*', '.*', '.*'], { env });
  const url = new URL(broker);
  url.pathname = `/${name}`;
  return url.href;
}
