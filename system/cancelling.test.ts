import { type Json, openShop } from './test/shop';

const cancellation = (id: string) => `/subscriptions/${id}/cancellation`;

test('at the next billing date, at charge time, instead of the charge', async () => {
  const shop = await openShop();
  const id = await shop.subscriber();
  await shop.send('POST', 'subscriptions', cancellation(id), { when: 'next_billing_date' });
  await shop.until('2026-02-05T05:59:00Z');
  expect((await shop.subscription(id)).status).toBe('active');
  await shop.until('2026-02-05T06:01:00Z');
  expect(await shop.subscription(id)).toMatchObject({
    status: 'cancelled',
    endReason: 'customer_request',
  });
  await shop.until('2026-03-06T12:00:00Z');
  expect(shop.charged()).toEqual([]);
});

test('taken back before its date, it never happened', async () => {
  const shop = await openShop();
  const id = await shop.subscriber();
  await shop.send('POST', 'subscriptions', cancellation(id), { when: 'next_billing_date' });
  await shop.send('DELETE', 'subscriptions', cancellation(id));
  await shop.until('2026-02-06T12:00:00Z');
  expect(shop.charged()).toHaveLength(1);
});

test('now, while a cycle is unpaid: no further attempt, and the cycle is dropped', async () => {
  const shop = await openShop();
  const id = await shop.subscriber('decline_do_not_honor');
  await shop.until('2026-02-06T12:00:00Z');
  await shop.send('POST', 'subscriptions', cancellation(id), { when: 'now' });
  await shop.until('2026-02-12T12:00:00Z');
  const { status, attempts, items } = await shop.onlyPayment(id);
  expect([status, attempts.length, items[0].status]).toEqual(['abandoned', 2, 'dropped']);
  expect((await shop.subscription(id)).status).toBe('cancelled');
});

test('now, while an attempt is in flight: it finishes and stands', async () => {
  const shop = await openShop();
  const id = await shop.subscriber('pending_no_webhook');
  await shop.until('2026-02-05T06:00:05Z');
  await shop.send('POST', 'subscriptions', cancellation(id), { when: 'now' });
  await shop.until('2026-02-05T12:00:00Z');
  expect((await shop.onlyPayment(id)).status).toBe('succeeded');
  expect(shop.refunded()).toEqual([]);
  expect((await shop.subscription(id)).status).toBe('cancelled');
});

test('at the next date, while a cycle is unpaid: that cycle is still collected', async () => {
  const shop = await openShop();
  const id = await shop.subscriber('decline3_do_not_honor');
  await shop.until('2026-02-06T12:00:00Z');
  await shop.send('POST', 'subscriptions', cancellation(id), { when: 'next_billing_date' });
  await shop.until('2026-03-06T12:00:00Z');
  expect(shop.charged()).toEqual(['2026-02-08 1250 GBP']);
  expect(await shop.subscription(id)).toMatchObject({ status: 'cancelled' });
});

test('one item of two is dropped: the next attempt asks for less, the one made stays as it was', async () => {
  const shop = await openShop();
  const customer = await shop.customer('decline1_do_not_honor');
  const [first, second] = [await shop.buy(customer), await shop.buy(customer)];
  await shop.until('2026-02-05T12:00:00Z');
  await shop.send('POST', 'subscriptions', cancellation(first), { when: 'now' });
  await shop.until('2026-02-06T12:00:00Z');
  const { amount, attempts } = await shop.onlyPayment(second);
  expect(attempts.map((attempt: Json) => attempt.amount.amountMinor)).toEqual([2500, 1250]);
  expect(amount.amountMinor).toBe(1250);
});

test('charged although it was cancelled before: the messages crossed, the item is refunded once', async () => {
  const shop = await openShop();
  const id = await shop.subscriber();
  shop.overheard.hold(
    'subscriptions.cancellation-scheduled.v1',
    'subscriptions.subscription-ended.v1',
  );
  await shop.send('POST', 'subscriptions', cancellation(id), { when: 'next_billing_date' });
  await shop.until('2026-02-05T06:00:30Z');
  expect(shop.charged()).toHaveLength(1);
  shop.overheard.letThrough();
  // A commit is what makes a service look into its outbox.
  await shop.customer('other');
  await shop.until('2026-02-06T12:00:00Z');
  expect(shop.refunded()).toEqual([1250]);
  expect(await shop.discrepancies()).toEqual(['charged_after_cancellation']);
});

test('final is final', async () => {
  const shop = await openShop();
  const id = await shop.subscriber();
  await shop.send('POST', 'subscriptions', cancellation(id), { when: 'now' });
  const again = shop.send('POST', 'subscriptions', cancellation(id), { when: 'now' });
  await expect(again).rejects.toThrow(': 409');
  await expect(shop.send('DELETE', 'subscriptions', cancellation(id))).rejects.toThrow(': 409');
});

test('a deleted customer’s subscriptions end now, personal data goes, payments stay', async () => {
  const shop = await openShop();
  const customer = await shop.customer();
  const id = await shop.buy(customer);
  await shop.until('2026-02-06T12:00:00Z');
  await shop.send('DELETE', 'subscriptions', `/customers/${customer}`);
  await shop.until('2026-03-06T12:00:00Z');
  expect(await shop.subscription(id)).toMatchObject({
    status: 'cancelled',
    endReason: 'customer_erased',
  });
  expect(await shop.payments(id)).toHaveLength(1);
  const rows = await shop.system.databases.subscriptions.transaction((tx) =>
    tx.select('SELECT * FROM customers'),
  );
  expect(JSON.stringify(rows)).not.toMatch(/Ada|Lovelace|ada@/);
});
