import { openShop } from './test/shop';

test.each(['expired', 'cancelled'])(
  'a card that is %s: not charged at the next date but cancelled on it',
  async (cause) => {
    const shop = await openShop();
    const id = await shop.subscriber();
    await shop.loseCard('ok', cause);
    expect(await shop.subscription(id)).toMatchObject({
      status: 'active',
      cancellation: { on: '2026-02-05', reason: `card_${cause}` },
    });
    await shop.until('2026-02-05T05:59:00Z');
    expect((await shop.subscription(id)).status).toBe('active');
    await shop.until('2026-02-05T06:01:00Z');
    expect(await shop.subscription(id)).toMatchObject({
      status: 'cancelled',
      endReason: `card_${cause}`,
    });
    await shop.until('2026-04-05T12:00:00Z');
    expect(shop.charged()).toEqual([]);
    expect(shop.mails()).toEqual(['card_unavailable']);
  },
);

test('each of the customer’s subscriptions on its own next date, and nobody else’s', async () => {
  const shop = await openShop();
  const customer = await shop.customer();
  const monthly = await shop.buy(customer);
  const quarterly = await shop.buy(customer, { interval: 'quarterly' });
  const other = await shop.subscriber('other');
  await shop.loseCard('ok');
  await shop.until('2026-02-06T12:00:00Z');
  const status = async (id: string) => (await shop.subscription(id)).status;
  expect([await status(monthly), await status(quarterly), await status(other)]).toEqual([
    'cancelled',
    'active',
    'active',
  ]);
  await shop.until('2026-04-05T12:00:00Z');
  expect(await status(quarterly)).toBe('cancelled');
  expect(shop.charged('ok')).toEqual([]);
});

test('in grace: no further attempt, cancelled at the next daily slot', async () => {
  const shop = await openShop();
  const id = await shop.subscriber('decline_do_not_honor');
  await shop.until('2026-02-06T12:00:00Z');
  await shop.loseCard('decline_do_not_honor');
  await shop.until('2026-02-07T12:00:00Z');
  const { status, attempts } = await shop.onlyPayment(id);
  expect([status, attempts.length]).toEqual(['abandoned', 2]);
  expect((await shop.subscription(id)).status).toBe('cancelled');
});

test.each([
  [
    'a success pays that cycle and the cancellation waits for the next date',
    'pending_no_webhook',
    'succeeded',
    '2026-03-05',
  ],
  ['a decline cancels', 'pending_no_webhook_decline_do_not_honor', 'abandoned', null],
])('an attempt in flight finishes: %s', async (_, card, status, nextDate) => {
  const shop = await openShop();
  const id = await shop.subscriber(card);
  await shop.until('2026-02-05T06:00:05Z');
  await shop.loseCard(card);
  await shop.until('2026-02-05T12:00:00Z');
  expect((await shop.onlyPayment(id)).status).toBe(status);
  await shop.until('2026-02-06T12:00:00Z');
  const { cancellation, status: state } = await shop.subscription(id);
  expect([state, cancellation?.on ?? null]).toEqual([nextDate ? 'active' : 'cancelled', nextDate]);
  await shop.until('2026-03-06T12:00:00Z');
  expect((await shop.subscription(id)).status).toBe('cancelled');
  expect(shop.charged()).toHaveLength(nextDate ? 1 : 0);
});

test('a new payment method before the date revokes it; a late event about the old one changes nothing', async () => {
  const shop = await openShop();
  const customer = await shop.customer();
  const id = await shop.buy(customer);
  await shop.loseCard('ok');
  const method = { provider: 'aurora', paymentMethod: 'pm_new' };
  await shop.send('PUT', 'subscriptions', `/customers/${customer}/payment-method`, method);
  expect((await shop.subscription(id)).cancellation).toBeNull();
  await shop.loseCard('ok');
  expect((await shop.subscription(id)).cancellation).toBeNull();
  await shop.until('2026-02-05T12:00:00Z');
  expect(shop.charged()).toEqual(['2026-02-05 1250 GBP']);
  expect(shop.charged('new')).toHaveLength(1);
});

test('a payment method known to be unavailable is refused', async () => {
  const shop = await openShop();
  const customer = await shop.customer();
  await shop.buy(customer);
  await shop.loseCard('ok');
  const method = { provider: 'aurora', paymentMethod: 'pm_ok' };
  const put = shop.send('PUT', 'subscriptions', `/customers/${customer}/payment-method`, method);
  await expect(put).rejects.toThrow(': 422');
});

test('billing learns it from the event itself, also while subscriptions does not answer', async () => {
  const shop = await openShop();
  const id = await shop.subscriber();
  shop.overheard.hold(
    'subscriptions.cancellation-scheduled.v1',
    'subscriptions.subscription-ended.v1',
  );
  await shop.loseCard('ok');
  await shop.until('2026-02-05T12:00:00Z');
  expect(await shop.payments(id)).toEqual([]);
  expect(shop.charged()).toEqual([]);
});
