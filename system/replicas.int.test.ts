import { until } from '@perennial/testing';
import { billingOnServers } from './test/billing-on-servers';

const CUSTOMERS = 300;

test('two replicas of billing share the work: one charge for each cycle', async () => {
  const running = await billingOnServers({ customers: CUSTOMERS, answerDelayMs: 5 });
  try {
    running.start();
    running.start();
    await until(
      async () => {
        const paid = await running.rows("SELECT id FROM payments WHERE status = 'succeeded'");
        return paid.length === CUSTOMERS;
      },
      { timeoutMs: 60_000, what: 'every payment to succeed' },
    );
    const charged = running.charges().map(({ paymentMethod }) => paymentMethod);
    expect(charged).toHaveLength(CUSTOMERS);
    expect(new Set(charged).size).toBe(CUSTOMERS);
    const twice = await running.rows('SELECT id FROM attempts WHERE number > 1');
    expect(twice).toEqual([]);
    await until(async () => (await running.rows('SELECT position FROM outbox')).length === 0, {
      timeoutMs: 30_000,
      what: 'the outbox to be empty',
    });
    const told = running.heardIds('billing.payment-succeeded.v1');
    expect(told.length).toBeGreaterThanOrEqual(CUSTOMERS);
  } finally {
    await running.stop();
  }
}, 120_000);

test('a relay’s successor sends what the one before left behind when it was killed', async () => {
  const running = await billingOnServers({ customers: 50, answerDelayMs: 5 });
  try {
    const first = running.start('after publishing, before the outbox is emptied');
    const leading = 'SELECT epoch FROM relay_lease WHERE holder IS NOT NULL';
    await until(async () => (await running.rows(leading)).length > 0, {
      timeoutMs: 30_000,
      what: 'the first relay to lead',
    });
    running.start();
    expect(await first.ended).toBe('SIGKILL');
    await until(
      async () => {
        const told = new Set(running.heardIds('billing.payment-succeeded.v1'));
        const waiting = await running.rows('SELECT position FROM outbox');
        return told.size === 50 && waiting.length === 0;
      },
      { timeoutMs: 60_000, what: 'everything to be told' },
    );
    expect(running.charges()).toHaveLength(50);
  } finally {
    await running.stop();
  }
}, 120_000);

test('ten identical webhooks at once are one event', async () => {
  const running = await billingOnServers({
    customers: 1,
    answerDelayMs: 5,
    tokenOf: () => 'pm_pending_no_webhook',
  });
  try {
    running.start();
    await until(
      async () =>
        (await running.rows("SELECT id FROM attempts WHERE status = 'pending'")).length === 1,
      { timeoutMs: 30_000, what: 'the attempt to be pending' },
    );
    const statuses = await running.knock(10);
    expect(statuses.sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 200, 202]);
    await until(
      async () =>
        (await running.rows("SELECT id FROM payments WHERE status = 'succeeded'")).length === 1,
      { timeoutMs: 30_000, what: 'the payment to succeed' },
    );
    const settled = await running.rows('SELECT settled_by FROM attempts');
    expect(settled).toEqual([{ settledBy: 'webhook' }]);
    // Aurora itself makes up its mind later.
    await until(async () => running.charges().length > 0, { timeoutMs: 60_000, what: 'a charge' });
    expect(running.charges()).toHaveLength(1);
  } finally {
    await running.stop();
  }
}, 120_000);
