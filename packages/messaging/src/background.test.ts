import { type Database } from '@perennial/database';
import { until } from '@perennial/testing';
import { Registry } from 'prom-client';
import { hearing, openPlace, type Place, placeOf, resolved, write } from '../test/conversation';
import { createLocalTransport, type Transport } from './index';

let transport: Transport;
let databases: Database[];
let places: Place[];
let reaction: ReturnType<typeof hearing>;
const metrics = new Registry();

const place = async (...[service, options]: [Parameters<typeof placeOf>[0], object?]) => {
  const db = await openPlace();
  databases.push(db);
  const made = placeOf(service, db, transport, options);
  places.push(made);
  return made;
};

beforeEach(async () => {
  transport = createLocalTransport();
  databases = [];
  places = [];
  metrics.clear();
  reaction = hearing();
  const { messaging } = await place('subscriptions', { handlers: [reaction.handler] });
  await messaging.start();
});
afterEach(async () => {
  for (const { messaging } of places) await messaging.stop();
  for (const db of databases) await db.close();
});

test('a commit is enough: what it wrote is sent', async () => {
  const billing = await place('billing');
  await billing.messaging.start();
  for (let round = 0; round < 20; round += 1) await write(billing, resolved());
  await until(() => reaction.heard.length === 20);
});

test('what was written before a crash is found after the start', async () => {
  const billing = await place('billing');
  await write(billing, resolved());
  await billing.messaging.start();
  await until(() => reaction.heard.length === 1);
});

test('what another process wrote is found by looking', async () => {
  const billing = await place('billing');
  const hearingNothing: Database = {
    dialect: billing.db.dialect,
    onCommit: () => () => {},
    transaction: (work) => billing.db.transaction(work),
    ping: () => billing.db.ping(),
    close: async () => {},
  };
  const blind = placeOf('billing', hearingNothing, transport);
  places.push(blind);
  await blind.messaging.start();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await write(billing, resolved());
  await until(() => reaction.heard.length === 1);
});

test('nothing is sent by itself where others decide when', async () => {
  const billing = await place('billing');
  await billing.messaging.start({ flushedByOthers: () => true });
  await write(billing, resolved());
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(reaction.heard).toEqual([]);
  expect(await billing.messaging.flush()).toBe(1);
});

test('metrics tell what waits, and what has become of the rest', async () => {
  const billing = await place('billing', { metrics });
  await billing.messaging.start({ flushedByOthers: () => true });
  await write(billing, resolved(), resolved());
  expect(await metrics.metrics()).toContain('outbox_pending 2');
  await billing.messaging.flush();
  const page = await metrics.metrics();
  expect(page).toContain('outbox_pending 0');
  expect(page).toContain('messages_published_total 2');
  expect(page).toContain('messages_waiting{state="parked"} 0');
});

test('a service handles exactly what it listens to', async () => {
  const foreign = {
    ...reaction.handler,
    definition: { ...reaction.handler.definition, type: 'x' },
  };
  await expect(place('subscriptions', { handlers: [foreign] })).rejects.toThrow('look at x');
});
