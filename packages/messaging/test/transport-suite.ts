import type { Database } from '@perennial/database';
import { until } from '@perennial/testing';
import type { Transport } from '../src';
import {
  clock,
  countOf,
  hearing,
  openPlace,
  type Place,
  placeOf,
  resolved,
  write,
} from './conversation';

export interface Settings {
  createTransport(): Promise<Transport>;
  databaseUrl(): Promise<string>;
}

const quiet = { flushedByOthers: () => true };

/** What holds on every carrier. */
export function describeTransport({ createTransport, databaseUrl }: Settings): void {
  let transport: Transport;
  let databases: Database[];
  let places: Place[];

  const open = async () => {
    const db = await openPlace(await databaseUrl());
    databases.push(db);
    return db;
  };
  const start = async (...args: Parameters<typeof placeOf>) => {
    const place = placeOf(...args);
    places.push(place);
    await place.messaging.start(quiet);
    return place;
  };
  beforeEach(async () => {
    transport = await createTransport();
    databases = [];
    places = [];
  });
  afterEach(async () => {
    for (const { messaging } of places) await messaging.stop();
    await transport.close();
    for (const db of databases) await db.close();
  });

  test('a message is handled once, in batches, and leaves the outbox', async () => {
    const { heard, batches, handler } = hearing();
    await start('subscriptions', await open(), transport, { handlers: [handler] });
    const billing = await start('billing', await open(), transport);
    await until(() => transport.ready());
    const sent = Array.from({ length: 250 }, () => resolved());
    await write(billing, ...sent);
    expect(await billing.messaging.flush()).toBe(250);
    await until(() => heard.length >= 250);
    expect(new Set(heard.map(({ subject }) => subject)).size).toBe(250);
    expect(heard[0]).toMatchObject({ source: '/services/billing', data: sent[0]?.data });
    expect(Math.max(...batches)).toBeLessThanOrEqual(100);
    expect(batches.length).toBeLessThan(50);
    expect(await countOf(billing.db, 'outbox')).toBe(0);
  });

  test('it does not matter which service is there first', async () => {
    const { heard, handler } = hearing();
    const billing = await start('billing', await open(), transport);
    await until(() => transport.ready());
    await write(billing, resolved());
    expect(await billing.messaging.flush()).toBe(0);
    expect(await countOf(billing.db, 'failed_messages')).toBe(0);
    await start('subscriptions', await open(), transport, { handlers: [handler] });
    await until(async () => (await billing.messaging.flush()) > 0);
    await until(() => heard.length === 1);
  });

  test('replicas of a service share its messages', async () => {
    const db = await open();
    const one = hearing();
    const two = hearing();
    for (const { handler } of [one, two]) {
      await start('subscriptions', db, transport, { handlers: [handler], batchSize: 10 });
    }
    const billing = await start('billing', await open(), transport);
    await until(() => transport.ready());
    await write(billing, ...Array.from({ length: 200 }, () => resolved()));
    await billing.messaging.flush();
    await until(() => one.heard.length + two.heard.length === 200);
    expect(one.heard.length).toBeGreaterThan(0);
    expect(two.heard.length).toBeGreaterThan(0);
  });

  test('what nobody bound is kept, reported, tried again, and holds back its subject only', async () => {
    const { messaging, db } = await start('billing', await open(), transport);
    await transport.subscribe({
      ...{ service: 'subscriptions', messages: [], batchSize: 1 },
      take: async () => {},
    });
    await until(() => transport.ready());
    const first = resolved();
    await write({ messaging, db, logged: [] }, first, resolved(first.subject, 2));
    await until(async () => {
      await messaging.flush();
      return (await countOf(db, 'failed_messages')) === 1;
    });
    expect(await countOf(db, 'outbox')).toBe(2);
    const [failed] = await db.transaction((tx) => messaging.failed.list({ limit: 9 }, tx));
    expect(failed).toMatchObject({ state: 'retrying', attempts: 1, error: 'not sent: unroutable' });
    clock.pass(1_000);
    for (const timer of messaging.timers) await timer.run();
    await messaging.flush();
    const [again] = await db.transaction((tx) => messaging.failed.list({ limit: 9 }, tx));
    expect(again).toMatchObject({ id: failed?.id, state: 'retrying', attempts: 2 });
  });

  test('a batch with one poisoned message: the others are handled, none twice', async () => {
    const poisoned = resolved();
    const { heard, handler } = hearing(async (some) => {
      if (some.some(({ subject }) => subject === poisoned.subject)) throw new Error('poison');
    });
    const subscriptions = await start('subscriptions', await open(), transport, {
      handlers: [handler],
    });
    const billing = await start('billing', await open(), transport);
    await until(() => transport.ready());
    const good = Array.from({ length: 49 }, () => resolved());
    await write(billing, ...good.slice(0, 20), poisoned, ...good.slice(20));
    await billing.messaging.flush();
    await until(async () => (await countOf(subscriptions.db, 'inbox')) === 50);
    expect(heard.map(({ subject }) => subject).sort()).toEqual(
      good.map(({ subject }) => subject).sort(),
    );
    expect(await countOf(subscriptions.db, 'failed_messages')).toBe(1);
  });
}
