import { randomUUID } from 'node:crypto';
import { messageOfType } from '@perennial/contracts';
import { z } from 'zod';
import { runService } from '../test/running-service';
import { ada, shopOf } from '../test/shop';

const PERSONAL = ['Ada', 'ada@', 'Lovelace', 'Byron', 'St James', '"Dr"'];

test('no message, audit entry, log line or row tells who a customer is', async () => {
  const running = await runService('sqlite::memory:');
  const shop = shopOf(running);
  const key = { 'Idempotency-Key': randomUUID() };
  const { id } = (await shop.post('/customers', ada, key)).body;
  await shop.post('/customers', { ...ada, email: 'ada@@' });
  await shop.post('/customers/search', { email: ada.email });
  await running.call('PATCH', `/customers/${id}`, { body: { lastName: 'Byron' } });
  const subscription = await shop.subscription(id);
  await running.deliver(shop.declined(subscription, randomUUID(), 2));
  await running.deliver(shop.cardUnavailable('pm_ok_ada'));
  await running.call('DELETE', `/customers/${id}`);
  const rows = await running.db.transaction(async (tx) => {
    const tables = await tx.select("SELECT name FROM sqlite_master WHERE type = 'table'");
    const names = tables.map(({ name }) => z.string().parse(name));
    return Promise.all(names.map((name) => tx.select(`SELECT * FROM ${name}`)));
  });
  await running.stop();

  expect(rows.flat().length).toBeGreaterThan(5);
  expect(running.told.length).toBeGreaterThan(4);
  const everything = JSON.stringify([rows, running.told, running.logged]);
  expect(PERSONAL.filter((text) => everything.includes(text))).toEqual([]);
});

test('every message is as its contract says, without a field more', async () => {
  const running = await runService('sqlite::memory:');
  const shop = shopOf(running);
  const customer = await shop.customer();
  const [lost, ended] = [await shop.subscription(customer), await shop.subscription(customer)];
  await running.deliver(shop.cardUnavailable('pm_ok_ada'));
  await running.deliver(shop.exhausted(ended, randomUUID(), 2));
  const body = { provider: 'aurora', paymentMethod: 'pm_new' };
  await running.call('PUT', `/customers/${customer}/payment-method`, { body });
  await running.call('DELETE', `/customers/${customer}`);
  expect(await shop.read(lost)).toMatchObject({ endReason: 'customer_erased' });
  await running.stop();

  expect(new Set(running.told.map(({ type }) => type)).size).toBe(6);
  for (const { type, data } of running.told) {
    expect(messageOfType(type)?.data.parse(data)).toEqual(data);
  }
});
