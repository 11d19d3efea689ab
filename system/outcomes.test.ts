import { type Json, openShop, type Shop } from './test/shop';
import { startUnsureProvider, type UnsureProvider } from './test/unsure-provider';

const DUE = '2026-02-05T06:00';

/** A subscriber whose first charge is due, with the money that the provider took. */
async function charged(card: string, until: string): Promise<[Shop, Json, string]> {
  const shop = await openShop();
  const id = await shop.subscriber(card);
  await shop.until(until);
  return [shop, await shop.onlyPayment(id), id];
}

describe('whatever way the answer takes, the cycle is paid once', () => {
  test.each([
    ['comes at once', 'ok', 'response', `${DUE}:01Z`],
    ['comes with no webhook', 'no_webhook', 'response', `${DUE}:01Z`],
    ['comes after its webhook', 'webhook_first', 'response', `${DUE}:01Z`],
    ['comes with three webhooks', 'dup_webhook', 'response', `${DUE}:01Z`],
    ['is that it will be told later', 'pending_ok', 'webhook', '2026-02-05T06:09:00Z'],
    [
      'is that it will be told, and never is',
      'pending_no_webhook',
      'enquiry',
      '2026-02-05T06:10:01Z',
    ],
    ['is an error after the charge', '500_after', 'webhook', `${DUE}:10Z`],
    ['is an error, and no webhook comes', '500_after_no_webhook', 'enquiry', `${DUE}:31Z`],
    ['is lost', 'reset_after_no_webhook', 'enquiry', `${DUE}:31Z`],
    ['never comes', 'hang_no_webhook', 'enquiry', `${DUE}:31Z`],
    ['is a page of HTML', 'html_no_webhook', 'enquiry', `${DUE}:31Z`],
    ['is cut off', 'truncated_no_webhook', 'enquiry', `${DUE}:31Z`],
    ['is that it was not even begun', '503_before', 'response', '2026-02-05T06:05:00Z'],
  ])('when it %s', async (_, card, settledBy, until) => {
    const [shop, payment, id] = await charged(card, until);
    expect(shop.charged()).toEqual(['2026-02-05 1250 GBP']);
    expect(payment).toMatchObject({ status: 'succeeded', attempts: [{ settledBy, number: 1 }] });
    await shop.until('2026-02-20T12:00:00Z');
    expect(shop.charged()).toHaveLength(1);
    expect(shop.mails()).toEqual(['payment_receipt']);
    expect((await shop.subscription(id)).status).toBe('active');
    expect(await shop.discrepancies()).toEqual([]);
  });
});

describe('while nobody knows what became of a charge', () => {
  let provider: UnsureProvider;
  let shop: Shop;
  let id: string;

  beforeEach(async () => {
    provider = await startUnsureProvider();
    const env = { AURORA_URL: provider.url, AURORA_API_KEY: 'key' };
    shop = await openShop({ env });
    id = await shop.subscriber();
  });
  afterEach(() => provider.stop());

  test('it is not sent again and nobody is terminated; after a day an operator is told', async () => {
    await shop.until('2026-02-06T05:59:00Z');
    expect(await shop.discrepancies()).toEqual([]);
    await shop.until('2026-02-14T12:00:00Z');
    expect(provider.sent).toHaveLength(1);
    const { status, attempts } = await shop.onlyPayment(id);
    expect([status, attempts.length, attempts[0].status]).toEqual(['processing', 1, 'unknown']);
    expect((await shop.subscription(id)).status).toBe('active');
    expect(await shop.discrepancies()).toEqual(['unknown_outcome']);
  });

  test('an enquiry that finds nothing lets it be sent again: same key, same body', async () => {
    await shop.until('2026-02-05T07:00:00Z');
    provider.recover();
    await shop.until('2026-02-06T05:59:00Z');
    const [first, second, ...more] = provider.sent;
    expect(more).toEqual([]);
    expect(second).toEqual(first);
    const { status, attempts } = await shop.onlyPayment(id);
    expect([status, attempts.length]).toEqual(['succeeded', 1]);
  });

  test('once its key has died it is only asked about, and a new one is made at the next daily slot', async () => {
    await shop.until('2026-02-06T18:00:00Z');
    provider.recover();
    await shop.until('2026-02-07T05:59:00Z');
    expect(provider.sent).toHaveLength(1);
    await shop.until('2026-02-07T06:01:00Z');
    const keys = new Set(provider.sent.map(({ key }) => key));
    expect([provider.sent.length, keys.size]).toEqual([2, 2]);
    const { status, attempts } = await shop.onlyPayment(id);
    expect([status, ...attempts.map((attempt: Json) => attempt.status)]).toEqual([
      'succeeded',
      'not_sent',
      'succeeded',
    ]);
  });
});

test('a decline after a success changes nothing and is reported', async () => {
  const [shop, { id: paymentId }] = await charged('ok', `${DUE}:05Z`);
  await shop.outcome('failed', paymentId, 1);
  expect((await shop.get('billing', `/payments/${paymentId}`)).status).toBe('succeeded');
  expect(await shop.discrepancies()).toEqual(['contradicting_outcome']);
});

test('a success after a decline means that the money is there: no further attempt', async () => {
  const [shop, { id: paymentId }, id] = await charged('decline_do_not_honor', `${DUE}:05Z`);
  expect((await shop.subscription(id)).status).toBe('past_due');
  await shop.outcome('succeeded', paymentId, 1);
  await shop.until('2026-02-12T12:00:00Z');
  const payment = await shop.onlyPayment(id);
  expect(payment).toMatchObject({ status: 'succeeded', attempts: [{ number: 1 }] });
  expect(await shop.discrepancies()).toEqual(['contradicting_outcome']);
  expect((await shop.subscription(id)).status).toBe('active');
});

test('a second capture of the same cycle is refunded by itself', async () => {
  const [shop, { id: paymentId }] = await charged('decline1_do_not_honor', '2026-02-06T12:00:00Z');
  await shop.outcome('succeeded', paymentId, 1);
  const payment = await shop.get('billing', `/payments/${paymentId}`);
  expect(payment).toMatchObject({
    status: 'succeeded',
    refunds: [{ origin: 'automatic', amount: { amountMinor: 1250 } }],
  });
  expect(await shop.discrepancies()).toContain('duplicate_charge');
});

test('a success after termination is money received and revives nothing', async () => {
  const [shop, { id: paymentId }, id] = await charged(
    'decline_do_not_honor',
    '2026-02-11T12:00:00Z',
  );
  expect((await shop.subscription(id)).status).toBe('terminated');
  await shop.outcome('succeeded', paymentId, 6);
  expect((await shop.subscription(id)).status).toBe('terminated');
  expect((await shop.onlyPayment(id)).status).toBe('succeeded');
  expect(await shop.discrepancies()).toEqual(['late_success']);
});

test('an event about a payment that nobody knows waits, and then an operator is told', async () => {
  const shop = await openShop();
  const facts = { paymentId: 'pay_x', merchantReference: 'x', amount: 1, currency: 'GBP' };
  const data = { ...facts, status: 'succeeded', sequence: 1 };
  expect(await shop.event('evt_x', 'payment.succeeded', data)).toBe(202);
  expect(await shop.event('evt_x', 'payment.succeeded', data)).toBe(200);
  expect(await shop.discrepancies()).toEqual([]);
  await shop.until('2026-01-09T12:00:00Z');
  expect(await shop.discrepancies()).toEqual(['event_unmatched']);
});

test('events of other types are kept and ignored', async () => {
  const shop = await openShop();
  expect(await shop.event('evt_p', 'ping', {})).toBe(200);
  const { data } = await shop.get('webhooks', '/deliveries');
  expect(data).toMatchObject([{ eventId: 'evt_p', status: 'ignored' }]);
});
