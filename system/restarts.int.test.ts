import { until } from '@perennial/testing';
import { type BillingOnServers, billingOnServers } from './test/billing-on-servers';

const CUSTOMERS = 3;
const HOUR_MS = 3_600_000;
let running: BillingOnServers;

beforeEach(async () => {
  running = await billingOnServers({
    ...{ customers: CUSTOMERS, answerDelayMs: 150 },
    tokenOf: (number) => `pm_no_webhook_${number}`,
  });
});
afterEach(() => running.stop());

const charges = async () => (await running.asked()).filter((one) => one === 'POST /v1/payments');
const attempts = () =>
  running.rows('SELECT number, status, settled_by FROM attempts ORDER BY number, id');

async function paid(): Promise<void> {
  await until(
    async () => {
      const rows = await running.rows("SELECT id FROM payments WHERE status = 'succeeded'");
      return rows.length === CUSTOMERS;
    },
    { timeoutMs: 60_000, what: 'every payment to succeed' },
  );
  const charged = running.charges().map(({ paymentMethod }) => paymentMethod);
  expect([charged.length, new Set(charged).size]).toEqual([CUSTOMERS, CUSTOMERS]);
}

describe('killed while the provider is charging', () => {
  test.each([2, 26])(
    'and started again after %i h: asked about, and not sent again',
    async (hours) => {
      expect(await running.start('while the provider is charging').ended).toBe('SIGKILL');
      running.skip(hours * HOUR_MS);
      running.start();
      await paid();
      expect(await charges()).toHaveLength(CUSTOMERS);
      const settled = { number: 1, status: 'succeeded', settledBy: 'enquiry' };
      expect(await attempts()).toEqual(Array(CUSTOMERS).fill(settled));
    },
    120_000,
  );
});

describe('killed between the commit of the attempt and the call', () => {
  test('and started again after 2 h: sent with the same key', async () => {
    expect(await running.start('after the attempt is committed').ended).toBe('SIGKILL');
    expect(await charges()).toEqual([]);
    running.skip(2 * HOUR_MS);
    running.start();
    await paid();
    const settled = { number: 1, status: 'succeeded', settledBy: 'response' };
    expect(await attempts()).toEqual(Array(CUSTOMERS).fill(settled));
  }, 120_000);

  test('and started again after 26 h: the key has died, a new one is made at the next daily slot', async () => {
    expect(await running.start('after the attempt is committed').ended).toBe('SIGKILL');
    running.skip(26 * HOUR_MS);
    const second = running.start();
    const notSent = { number: 1, status: 'not_sent', settledBy: null };
    await until(
      async () => {
        const known = await running.rows("SELECT id FROM attempts WHERE status = 'not_sent'");
        return known.length === CUSTOMERS;
      },
      { timeoutMs: 60_000, what: 'the enquiries to find nothing' },
    );
    expect(await attempts()).toEqual(Array(CUSTOMERS).fill(notSent));
    expect(await charges()).toEqual([]);
    second.kill('SIGKILL');
    await second.ended;
    running.skip(24 * HOUR_MS);
    running.start();
    await paid();
    const settled = { number: 2, status: 'succeeded', settledBy: 'response' };
    expect(await attempts()).toEqual([
      ...Array(CUSTOMERS).fill(notSent),
      ...Array(CUSTOMERS).fill(settled),
    ]);
  }, 180_000);
});
