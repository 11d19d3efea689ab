import { until } from '@perennial/testing';
import { billingOnServers } from './test/billing-on-servers';

const SLOW_MS = 1_500;

const weight = (n: number) => ({
  consumer: 'nobody',
  messageId: String(n),
  receivedAt: '2026-01-01T00:00:00.000Z',
});

test('a deadlock after the provider’s success: written again, the provider is called once', async () => {
  const running = await billingOnServers({
    ...{ customers: 1, answerDelayMs: SLOW_MS },
    tokenOf: () => 'pm_no_webhook',
  });
  const deadlocks = async () => {
    const [row] = await running.rows(
      "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'",
    );
    return Number((row as { readonly count: number }).count);
  };
  // Nobody touches attempts without the account's lock, so then billing has it.
  const settling =
    "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE '%attempts%' AND id <> CONNECTION_ID()";
  try {
    const before = await deadlocks();
    running.start();
    const sent = "SELECT id FROM attempts WHERE status = 'created'";
    await until(async () => (await running.rows(sent)).length === 1, {
      timeoutMs: 60_000,
      what: 'the charge',
    });
    let tries = 0;
    await running.db.transaction(async (tx) => {
      tries += 1;
      // Of two in a deadlock the one that has written less is rolled back.
      await tx.insert(
        'inbox',
        Array.from({ length: 500 }, (_, n) => weight(n)),
      );
      await tx.select('SELECT id FROM attempts FOR UPDATE');
      await until(async () => (await tx.select(settling)).length > 0, {
        what: 'billing to write what it was answered',
      });
      await tx.select('SELECT customer_id FROM accounts FOR UPDATE');
    });
    await until(
      async () =>
        (await running.rows("SELECT id FROM payments WHERE status = 'succeeded'")).length === 1,
      { what: 'the payment to succeed' },
    );
    expect([tries, (await deadlocks()) > before]).toEqual([1, true]);
    expect(await running.rows('SELECT number, status, settled_by FROM attempts')).toEqual([
      { number: 1, status: 'succeeded', settledBy: 'response' },
    ]);
    expect(await running.asked()).toEqual(['POST /v1/payments']);
    expect(running.charges()).toHaveLength(1);
  } finally {
    await running.stop();
  }
}, 120_000);
