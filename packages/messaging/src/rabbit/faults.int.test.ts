import { createLogger } from '@perennial/logger';
import { type FaultProxy, startProxy, testMysqlUrl, until } from '@perennial/testing';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import {
  countOf,
  hearing,
  openPlace,
  type Place,
  placeOf,
  resolved,
  write,
} from '../../test/conversation';
import { emptyBrokerUrl } from '../../test/empty-broker';
import { createRabbitTransport, type Transport } from '../index';

const logger = createLogger({ name: 'test', level: 'silent' });

let line: FaultProxy;
let brokerUrl: string;
let transport: Transport;
let subscriptions: Place;
let billing: Place;
let reaction: ReturnType<typeof hearing>;
let react: () => Promise<void>;
let operator: { connection: ChannelModel; channel: Channel };

beforeEach(async () => {
  brokerUrl = await emptyBrokerUrl();
  line = await startProxy(brokerUrl);
  transport = createRabbitTransport({ url: line.url, logger, confirmMs: 500, maxBytes: 2000 });
  react = async () => {};
  reaction = hearing(() => react());
  const handlers = [reaction.handler];
  subscriptions = placeOf('subscriptions', await openPlace(await testMysqlUrl()), transport, {
    handlers,
  });
  billing = placeOf('billing', await openPlace(await testMysqlUrl()), transport);
  for (const { messaging } of [subscriptions, billing]) await messaging.start();
  await until(() => transport.ready());
  const connection = await connect(brokerUrl);
  operator = { connection, channel: await connection.createChannel() };
});

afterEach(async () => {
  line.restore();
  for (const { messaging } of [subscriptions, billing]) await messaging.stop();
  await transport.close();
  await operator.connection.close();
  for (const { db } of [subscriptions, billing]) await db.close();
  await line.close();
});

const subjects = () => reaction.heard.map(({ subject }) => subject).sort();

test('lines that are cut again and again lose nothing, and repeat nothing', async () => {
  const sent = Array.from({ length: 600 }, () => resolved());
  const cutting = setInterval(() => line.restore(), 150);
  for (let start = 0; start < sent.length; start += 50) {
    await write(billing, ...sent.slice(start, start + 50));
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  clearInterval(cutting);
  await until(() => reaction.heard.length >= sent.length);
  expect(subjects()).toEqual(sent.map(({ subject }) => subject).sort());
  await until(async () => (await countOf(billing.db, 'outbox')) === 0);
  expect(await countOf(subscriptions.db, 'failed_messages')).toBe(0);
});

test('a broker that is away: not ready, nothing lost; and ready again when it is back', async () => {
  line.cut();
  await until(() => !transport.ready());
  await write(billing, resolved());
  expect(await billing.messaging.flush()).toBe(0);
  line.restore();
  await until(() => reaction.heard.length === 1);
  await until(() => transport.ready());
});

test('a confirm that does not come is not waited for; the message is sent again', async () => {
  line.hang();
  await write(billing, resolved());
  const before = Date.now();
  expect(await billing.messaging.flush()).toBe(0);
  expect(Date.now() - before).toBeLessThan(5_000);
  expect(await countOf(billing.db, 'outbox')).toBe(1);
  line.restore();
  await until(async () => (await countOf(billing.db, 'outbox')) === 0);
  await until(() => reaction.heard.length === 1);
});

test('a queue that is deleted under its consumer is declared and consumed again', async () => {
  await operator.channel.deleteQueue('subscriptions');
  await until(async () => {
    const { consumerCount } = await consumersOf('subscriptions');
    return consumerCount === 1;
  });
  await write(billing, resolved());
  await until(() => reaction.heard.length === 1);
});

test('an exchange that is missing is declared again', async () => {
  await write(billing, resolved());
  await until(() => reaction.heard.length === 1);
  await operator.channel.deleteExchange('billing.events');
  await write(billing, resolved());
  await until(async () => (await countOf(billing.db, 'failed_messages')) === 1);
  await operator.channel.bindQueue('subscriptions', 'billing.events', '#');
  const [waiting] = await billing.db.transaction((tx) =>
    billing.messaging.failed.list({ limit: 1 }, tx),
  );
  await billing.messaging.failed.retry(waiting?.id ?? '');
  await until(() => reaction.heard.length === 2);
});

test('a message that is too long is parked, and those after it go on', async () => {
  const long = resolved();
  await write(billing, { ...long, cause: { ...long.cause, correlationId: 'x'.repeat(2000) } });
  await write(billing, resolved());
  await until(() => reaction.heard.length === 1);
  const parked = await billing.db.transaction((tx) =>
    billing.messaging.failed.list({ state: 'parked', limit: 9 }, tx),
  );
  expect(parked).toMatchObject([{ error: 'not sent: too-large' }]);
});

test('a queue that was declared otherwise stops the start, with a reason', async () => {
  await operator.channel.assertQueue('notifications', { durable: true });
  const db = await openPlace(await testMysqlUrl());
  const { messaging } = placeOf('notifications', db, transport, { handlers: [] });
  const starting = transport.subscribe({
    ...{ service: 'notifications', messages: [], batchSize: 1 },
    take: async () => {},
  });
  await expect(starting).rejects.toThrow('PRECONDITION_FAILED');
  await messaging.stop();
  await db.close();
});

test('a process that dies over one message again and again: the broker puts it aside', async () => {
  await subscriptions.messaging.stop();
  await write(billing, resolved());
  await until(async () => (await operator.channel.checkQueue('subscriptions')).messageCount === 1);
  for (let deaths = 0; deaths <= 20; deaths += 1) {
    await until(async () => {
      const message = await operator.channel.get('subscriptions');
      if (message) operator.channel.reject(message, true);
      return message !== false;
    });
  }
  await until(
    async () => (await operator.channel.checkQueue('subscriptions.dead')).messageCount === 1,
  );
});

test('stopping finishes what is in hand and gives back the rest', async () => {
  let finish = () => {};
  const busy = new Promise<void>((resolve) => {
    finish = resolve;
  });
  react = () => busy;
  const sent = Array.from({ length: 150 }, () => resolved());
  await write(billing, ...sent);
  await until(async () => (await countOf(billing.db, 'outbox')) === 0);
  const stopping = subscriptions.messaging.stop();
  finish();
  await stopping;
  const taken = reaction.heard.length;
  expect(taken).toBeGreaterThan(0);
  expect(await countOf(subscriptions.db, 'inbox')).toBe(taken);
  await until(async () => {
    const { messageCount } = await consumersOf('subscriptions');
    return messageCount === sent.length - taken;
  });
});

/** On a channel of its own: it is closed where there is no such queue. */
async function consumersOf(queue: string) {
  const channel = await operator.connection.createChannel();
  channel.on('error', () => {});
  return channel.checkQueue(queue).then(
    async (found) => {
      await channel.close();
      return found;
    },
    () => ({ messageCount: 0, consumerCount: 0 }),
  );
}
