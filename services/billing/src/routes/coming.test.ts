import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

let running: Running;
let subscribers: ReturnType<typeof subscribersOf>;
let customer: string;

beforeEach(async () => {
  running = await runBilling();
  subscribers = subscribersOf(running);
  customer = await subscribers.customer();
});
afterEach(() => running.stop());

const DUE = '2026-02-28T06:00:00Z';
const get = async (path: string) => (await running.call('GET', path)).body;
const datesOf = async (id: string, count = 3) =>
  (await get(`/subscriptions/${id}/schedule?count=${count}`)).data.map(
    (one: { billingDate: string }) => one.billingDate,
  );

describe('schedule', () => {
  test('tells the coming cycles, twelve unless asked for another number', async () => {
    const id = await subscribers.subscription(customer, { quantity: 3 });
    const { data } = await get(`/subscriptions/${id}/schedule`);
    expect(data).toHaveLength(12);
    const amount = { amountMinor: 3750, currency: 'GBP' };
    expect(data[0]).toEqual({ cycle: 1, billingDate: '2026-02-28', amount });
    expect(data[11]).toEqual({ cycle: 12, billingDate: '2027-01-31', amount });
    expect(await datesOf(id, 1)).toEqual(['2026-02-28']);
    expect(await datesOf(id, 200)).toHaveLength(200);
  });

  test('goes on behind what was charged', async () => {
    const id = await subscribers.subscription(customer);
    await running.until(DUE);
    expect(await datesOf(id)).toEqual(['2026-03-31', '2026-04-30', '2026-05-31']);
  });

  test('ends where a cancellation was asked for', async () => {
    const id = await subscribers.subscription(customer);
    await subscribers.asksToEnd(customer, id, '2026-03-31');
    expect(await datesOf(id)).toEqual(['2026-02-28']);
  });

  test('is empty with a card that is gone, and when all is over', async () => {
    const id = await subscribers.subscription(customer);
    const other = await subscribers.subscription(await subscribers.customer('pm_good'));
    await subscribers.losesCard('pm_ok');
    expect([await datesOf(id), (await datesOf(other)).length]).toEqual([[], 3]);
    await running.until(DUE);
    expect(await datesOf(id)).toEqual([]);
  });
});

describe('explanation', () => {
  test('says of each charge why, from the anniversary to the mail, and what comes next', async () => {
    const id = await subscribers.subscription(customer);
    await running.until(DUE);
    const { data } = await get(`/payments?subscriptionId=${id}`);
    const { charges, next } = await get(`/subscriptions/${id}/explanation`);
    expect(charges).toMatchObject([{ billingDate: '2026-02-28', cycle: 1 }]);
    const steps = charges[0].steps as { what: string; why: string; ref: string }[];
    expect(steps.map(({ what }) => what)).toEqual([
      'cycle 1 fell due on 2026-02-28',
      'a payment was made for it',
      'attempt 1 was sent',
      'attempt 1 succeeded',
      'a mail payment_receipt was asked of notifications',
    ]);
    expect(steps[1]?.ref).toBe(data[0].id);
    expect(next[0]).toEqual({ on: '2026-03-31', what: 'attempt 1' });
    expect(next.at(-1)).toEqual({ on: '2026-04-05', what: 'terminated: not paid' });
  });

  test('in grace tells the days that are left', async () => {
    const poor = await subscribers.customer('pm_decline_insufficient_funds');
    const id = await subscribers.subscription(poor);
    await running.until('2026-03-03T06:00:00Z');
    const { next } = await get(`/subscriptions/${id}/explanation`);
    expect(next).toEqual([
      { on: '2026-03-04', what: 'attempt 5' },
      { on: '2026-03-05', what: 'attempt 6' },
      { on: '2026-03-05', what: 'terminated: not paid' },
    ]);
  });

  test('of a subscription that is over nothing comes', async () => {
    const id = await subscribers.subscription(customer);
    await subscribers.endsNow(customer, id);
    expect(await get(`/subscriptions/${id}/explanation`)).toEqual({ charges: [], next: [] });
  });
});

describe('forecast', () => {
  const forecast = async (from: string, to: string) =>
    (await get(`/forecast?from=${from}&to=${to}`)).data;
  const day = (date: string, cycles: number, amountMinor: number, currency = 'GBP') => ({
    ...{ date, currency, cycles, amountMinor },
  });

  beforeEach(async () => {
    await subscribers.subscription(customer, { amountMinor: 1000, quantity: 2 });
    await subscribers.subscription(customer, { amountMinor: 500, interval: 'quarterly' });
    await subscribers.subscription(customer, { amountMinor: 7, currency: 'JPY' });
    await subscribers.subscription(customer, { amountMinor: 100, anchor: '2026-01-15' });
  });

  test.each([
    ['2026-02-28', '2026-02-28', [day('2026-02-28', 1, 2000), day('2026-02-28', 1, 7, 'JPY')]],
    ['2026-03-15', '2026-03-15', [day('2026-03-15', 1, 100)]],
    ['2026-03-16', '2026-03-30', []],
    [
      '2026-04-15',
      '2026-04-30',
      [day('2026-04-15', 1, 100), day('2026-04-30', 2, 2500), day('2026-04-30', 1, 7, 'JPY')],
    ],
  ])('from %s to %s, both included', async (from, to, expected) => {
    expect(await forecast(from, to)).toEqual(expected);
  });

  test('is without who has no card, and without what was charged', async () => {
    await running.until(DUE);
    expect(await forecast('2026-02-01', '2026-02-28')).toEqual([]);
    await subscribers.losesCard('pm_ok');
    expect(await forecast('2026-03-01', '2026-12-31')).toEqual([]);
  });

  test('knows a thousand and more', async () => {
    const { charges } = running.aurora.ledger();
    for (let n = 0; n < 3; n += 1) await subscribers.many(400, `pm_${n}`);
    expect(await forecast('2026-03-31', '2026-03-31')).toEqual([
      day('2026-03-31', 1201, 1_502_000),
      day('2026-03-31', 1, 7, 'JPY'),
    ]);
    expect(charges).toEqual([]);
  });
});
