import { type Json, openShop } from './test/shop';

const days = (attempts: Json[]) => attempts.map(({ startedAt }) => startedAt.slice(0, 10));

test.each([
  ['on the first day after', 'decline1_insufficient_funds', '2026-02-06'],
  ['in the middle of grace', 'decline3_processing_error', '2026-02-08'],
  ['on the last day of grace', 'decline5_do_not_honor', '2026-02-10'],
])('a card that recovers %s keeps its subscription and its dates', async (_, card, recoveredOn) => {
  const shop = await openShop();
  const id = await shop.subscriber(card);
  await shop.until('2026-02-05T12:00:00Z');
  expect((await shop.subscription(id)).status).toBe('past_due');
  await shop.until(`${recoveredOn}T05:59:00Z`);
  expect(shop.charged()).toEqual([]);
  await shop.until('2026-02-28T12:00:00Z');
  expect(shop.charged()).toEqual([`${recoveredOn} 1250 GBP`]);
  expect(await shop.subscription(id)).toMatchObject({
    status: 'active',
    nextBillingDate: '2026-03-05',
  });
  expect(shop.mails()).toEqual(['payment_declined', 'payment_receipt']);
});

test('six attempts, one a day, then the subscription is terminated and nothing is charged', async () => {
  const shop = await openShop();
  const id = await shop.subscriber('decline_expired_card');
  await shop.until('2026-02-10T05:59:00Z');
  expect((await shop.subscription(id)).status).toBe('past_due');
  await shop.until('2026-04-06T12:00:00Z');
  const { status, attempts, items } = await shop.onlyPayment(id);
  expect(days(attempts)).toEqual([
    '2026-02-05',
    '2026-02-06',
    '2026-02-07',
    '2026-02-08',
    '2026-02-09',
    '2026-02-10',
  ]);
  expect(new Set(attempts.map(({ idempotencyKey }: Json) => idempotencyKey)).size).toBe(6);
  expect([status, items[0].status, attempts[5].reason]).toEqual([
    'exhausted',
    'dropped',
    'card_expired',
  ]);
  expect(await shop.subscription(id)).toMatchObject({
    status: 'terminated',
    endReason: 'payment_exhausted',
    nextBillingDate: null,
  });
  expect(shop.charged()).toEqual([]);
  expect(shop.mails()).toEqual(['payment_declined', 'subscription_terminated']);
});

test('only what was in the payment is terminated: the customer’s other subscriptions live on', async () => {
  const shop = await openShop();
  const customer = await shop.customer('decline_do_not_honor');
  const due = await shop.buy(customer);
  const later = await shop.buy(customer, { interval: 'quarterly' });
  await shop.until('2026-02-11T12:00:00Z');
  expect((await shop.subscription(due)).status).toBe('terminated');
  expect((await shop.subscription(later)).status).toBe('active');
});

test('outages are not declines: grace is counted from the first attempt that got through', async () => {
  const shop = await openShop();
  const id = await shop.subscriber('decline_do_not_honor');
  await shop.until('2026-02-05T05:00:00Z');
  await shop.faults({ '503_before': 1 });
  await shop.until('2026-02-12T12:00:00Z');
  expect((await shop.subscription(id)).status).toBe('active');
  await shop.faults({});
  await shop.until('2026-02-17T05:00:00Z');
  expect((await shop.subscription(id)).status).toBe('past_due');
  await shop.until('2026-02-18T12:00:00Z');
  expect((await shop.subscription(id)).status).toBe('terminated');
});

test('a reason on the list of those that are not tried again ends it at the first decline', async () => {
  const shop = await openShop({ env: { NON_RETRYABLE_DECLINES: 'suspected_fraud' } });
  const id = await shop.subscriber('decline_fraud_suspected');
  await shop.until('2026-02-05T12:00:00Z');
  expect((await shop.onlyPayment(id)).status).toBe('exhausted');
  expect((await shop.subscription(id)).status).toBe('terminated');
});

test('the explanation says why, and what comes if the card keeps failing', async () => {
  const shop = await openShop();
  const id = await shop.subscriber('decline_do_not_honor');
  await shop.until('2026-02-06T12:00:00Z');
  const { charges, next } = await shop.get('billing', `/subscriptions/${id}/explanation`);
  expect(charges).toHaveLength(1);
  expect(charges[0].steps.length).toBeGreaterThan(4);
  expect(next.map(({ on }: Json) => on)).toContain('2026-02-10');
});
