import { parseDate } from '@perennial/calendar';
import { type BillingAlone, openBillingAlone } from './test/billing-alone';
import { openOrdeal, PAID } from './test/ordeal';
import { PROVIDERS } from './test/provider-side';

const HOUR_MS = 3_600_000;
const [CUSTOMERS, RATE] = [5_000, 100];

describe('An outage of 30 h over two billing days, for 5,000 customers', () => {
  let billing: BillingAlone;
  beforeAll(async () => {
    billing = await openBillingAlone('borealis', '2026-02-04T12:00:00Z', RATE);
    await billing.register(CUSTOMERS / 2, parseDate('2026-01-05'));
    await billing.register(CUSTOMERS / 2, parseDate('2026-01-06'));
  });
  afterAll(() => billing.stop());

  const ticks = async (count: number, ms: number) => {
    for (let n = 0; n < count; n += 1) await billing.tick(ms);
  };
  /** Long enough for so many calls at the provider's pace, were it there. */
  const secondsFor = (calls: number) => ticks(Math.ceil((2.2 * calls) / RATE), 500);
  const count = (table: string) =>
    billing.select(`SELECT status, COUNT(*) AS n FROM ${table} GROUP BY status`);

  test('counts no decline, terminates nobody, and is made up for smoothly at the provider’s pace', async () => {
    await billing.until('2026-02-05T05:00:00Z');
    const reopen = await billing.line.shut();
    await billing.tick(HOUR_MS);
    await secondsFor(CUSTOMERS / 2);
    expect(await count('attempts')).toEqual([{ status: 'not_sent', n: CUSTOMERS / 2 }]);
    await ticks(24, HOUR_MS);
    await secondsFor(CUSTOMERS);
    await ticks(5, HOUR_MS);
    expect(await count('attempts')).toEqual([{ status: 'not_sent', n: CUSTOMERS }]);
    expect(await count('payments')).toEqual([{ status: 'scheduled', n: CUSTOMERS }]);
    expect([...billing.told]).toEqual([]);

    await reopen();
    await secondsFor(CUSTOMERS);
    // What a second's rest has saved up comes on top once.
    const [first = 0, ...rates] = callsPerSecond(billing);
    expect(first).toBeLessThanOrEqual(2 * RATE);
    expect(Math.max(...rates)).toBeLessThanOrEqual(RATE);
    expect(Math.min(...rates.slice(0, -1))).toBeGreaterThanOrEqual(0.9 * RATE);
    // Those that were due before it was noticed that the provider is back have been put off by an hour.
    await billing.tick(HOUR_MS);
    await secondsFor(CUSTOMERS);
    expect(await count('attempts')).toEqual([{ status: 'succeeded', n: CUSTOMERS }]);
    expect(await count('payments')).toEqual([{ status: 'succeeded', n: CUSTOMERS }]);
    expect(await billing.select('SELECT id FROM attempts WHERE number > 1')).toEqual([]);
    expect(await billing.select('SELECT id FROM discrepancies')).toEqual([]);
    expect([...billing.told]).toEqual([['billing.payment-succeeded.v1', CUSTOMERS]]);
    const cards = billing.charges().map(({ paymentMethod }) => paymentMethod);
    expect([cards.length, new Set(cards).size]).toEqual([CUSTOMERS, CUSTOMERS]);

    const { asked } = billing.line;
    expect(asked.filter(({ kind }) => kind === 'charge')).toHaveLength(CUSTOMERS);
    expect(asked.filter(({ answer }) => answer?.includes('"rc":"29"'))).toEqual([]);
  }, 600_000);
});

/** Only of seconds in which there was one. */
function callsPerSecond({ line }: BillingAlone): number[] {
  const perSecond = new Map<string, number>();
  for (const { at } of line.asked) {
    const second = at.slice(0, 19);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  return [...perSecond.values()];
}

test.each(PROVIDERS)('%s: an outage of 30 h is nothing that a customer hears of', async (name) => {
  const ordeal = await openOrdeal(name);
  const { shop } = ordeal;
  const ids = [await ordeal.subscriber('no_webhook'), await ordeal.subscriber('no_webhook_other')];
  await shop.until('2026-02-05T05:00:00Z');
  const reopen = await ordeal.line.shut();
  await shop.until('2026-02-06T11:00:00Z');
  for (const id of ids) {
    expect(await ordeal.picture(id)).toEqual({
      ...{ ...PAID, ledger: [], sent: '', mails: [] },
      payments: ['2026-02-05 scheduled: not_sent'],
    });
  }
  await reopen();
  await shop.until('2026-02-06T14:00:00Z');
  for (const id of ids) {
    expect(await ordeal.picture(id)).toEqual({
      ...{ ...PAID, ledger: Array(2).fill('2026-02-06 1250 GBP'), sent: 'A1 B2' },
      mails: Array(2).fill('payment_receipt'),
    });
  }
});
