import { until } from '@perennial/testing';
import { type BillingOnServers, billingOnServers } from './test/billing-on-servers';
import { CRASH_POINTS } from './test/crash-points';

const CUSTOMERS = 3;
let running: BillingOnServers;

afterEach(() => running.stop());

/** Everything is paid, and everybody has been told. */
async function settled(): Promise<void> {
  await until(
    async () => {
      const paid = await running.rows("SELECT id FROM payments WHERE status = 'succeeded'");
      const waiting = await running.rows('SELECT position FROM outbox');
      return paid.length === CUSTOMERS && waiting.length === 0;
    },
    { timeoutMs: 60_000, what: 'every payment to succeed and to be told' },
  );
}

test.each(CRASH_POINTS)(
  'killed %s: after a restart there is one charge each and the right state',
  async (point) => {
    // Where the crash is not about webhooks none comes: it would help billing out.
    const kind = point.includes('webhook') ? 'ok' : 'no_webhook';
    const tokenOf = (number: number) => `pm_${kind}_${number}`;
    running = await billingOnServers({ customers: CUSTOMERS, answerDelayMs: 150, tokenOf });
    const first = running.start(point);
    expect(await first.ended).toBe('SIGKILL');
    running.start();
    await settled();
    const charged = running.charges().map(({ paymentMethod }) => paymentMethod);
    expect(charged.sort()).toEqual([0, 1, 2].map(tokenOf));
    const attempts = await running.rows('SELECT status, number FROM attempts');
    expect(attempts).toEqual(Array(CUSTOMERS).fill({ status: 'succeeded', number: 1 }));
    expect(await running.rows("SELECT status FROM cycles WHERE status <> 'paid'")).toEqual([]);
    const told = running.heardIds('billing.payment-succeeded.v1');
    expect(told.length).toBeGreaterThanOrEqual(CUSTOMERS);
  },
  90_000,
);
