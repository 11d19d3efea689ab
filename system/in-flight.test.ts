import { type Ordeal, openOrdeal, PAID, type Picture } from './test/ordeal';
import { PROVIDERS } from './test/provider-side';

const LATE = '2026-02-20T12:00:00Z';
const cancelNow = async ({ shop }: Ordeal, id: string) => {
  await shop.client.send('POST', 'subscriptions', `/subscriptions/${id}/cancellation`, {
    when: 'now',
  });
};
const cardsCharged = (ordeal: Ordeal) =>
  ordeal.charges().map(({ createdAt, paymentMethod }) => [createdAt.slice(0, 10), paymentMethod]);

describe.each(PROVIDERS)('%s: the card is replaced while a retry is in flight', (provider) => {
  test.each([
    ['it succeeds: paid with the old card', 'decline1_do_not_honor', 'answer', 'A1 B2', 'old'],
    [
      'it is declined: the next day asks the new one',
      'decline_do_not_honor',
      'answer',
      'A1 B2 C3',
      'new',
    ],
    [
      'it never arrives: the new one is asked, with a new key',
      'decline1_do_not_honor',
      'request',
      'A1 B2 C3',
      'new',
    ],
  ] as const)('%s', async (_, card, place, sent, paidBy) => {
    const ordeal = await openOrdeal(provider);
    const customer = await ordeal.customer(card);
    const id = await ordeal.shop.buy(customer);
    await ordeal.shop.until('2026-02-06T05:59:00Z');
    const replace = async () => {
      await ordeal.replaceCard(customer, 'new');
      await ordeal.overtake('subscriptions');
    };
    const fate = place === 'request' ? 'lost' : undefined;
    await ordeal.during(['charge', place], '2026-02-06T06:00:00Z', replace, fate);
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toMatchObject({
      ...{ sent, subscription: PAID.subscription, discrepancies: [] },
      mails: ['payment_declined', 'payment_receipt'],
    });
    const day = place === 'answer' && paidBy === 'new' ? '2026-02-07' : '2026-02-06';
    const method = ordeal.provider.method(paidBy === 'new' ? 'new' : card);
    expect(cardsCharged(ordeal)).toEqual([[day, method]]);
    await ordeal.shop.until('2026-03-05T12:00:00Z');
    expect(cardsCharged(ordeal)[1]).toEqual(['2026-03-05', ordeal.provider.method('new')]);
  });
});

const DROPPED: Picture = {
  ...{ ...PAID, ledger: [], mails: ['payment_declined'] },
  payments: ['2026-02-05 abandoned: declined by response'],
  subscription: 'cancelled, customer_request',
};

describe.each(PROVIDERS)('%s: cancelled now', (provider) => {
  test('a second before a retry is due: it is not made, the cycle is dropped', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('decline1_do_not_honor');
    await ordeal.shop.until('2026-02-06T05:59:59Z');
    await cancelNow(ordeal, id);
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual(DROPPED);
    expect((await ordeal.shop.onlyPayment(id)).items).toMatchObject([{ status: 'dropped' }]);
  });

  test.each([
    ['succeeds: it stands', 'ok', PAID.payments, PAID.ledger, ['payment_receipt']],
    ['is declined: the cycle is dropped', 'decline_do_not_honor', DROPPED.payments, [], []],
  ])('while a charge is in flight that %s', async (_, card, payments, ledger, mails) => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber(card);
    await ordeal.during(['charge', 'answer'], '2026-02-05T06:00:00Z', async () => {
      await cancelNow(ordeal, id);
      await ordeal.overtake('subscriptions');
    });
    await ordeal.shop.until(LATE);
    const { mails: sentMails, ...picture } = await ordeal.picture(id);
    const { mails: _mails, ...paid } = PAID;
    const subscription = 'cancelled, customer_request';
    expect(picture).toEqual({ ...paid, payments, ledger, subscription });
    // "We will try again" would not be true any more.
    expect(sentMails).toEqual(mails);
  });

  test('while the outcome of a charge is unknown, which turns out to have succeeded: it stands', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('no_webhook');
    ordeal.line.meet('charge', 'answer lost', 1);
    await ordeal.shop.until('2026-02-05T06:00:05Z');
    await cancelNow(ordeal, id);
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual({
      ...{ ...PAID, payments: ['2026-02-05 succeeded: succeeded by enquiry'] },
      subscription: 'cancelled, customer_request',
    });
  });

  test('while the outcome of a charge is unknown, which never arrived: nothing is sent again', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('no_webhook');
    ordeal.line.meet('charge', 'request lost', 1);
    await ordeal.shop.until('2026-02-05T06:00:05Z');
    await cancelNow(ordeal, id);
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual({
      ...{ ...DROPPED, mails: [], payments: ['2026-02-05 abandoned: not_sent'] },
    });
  });
});

describe.each(PROVIDERS)('%s: a customer is erased', (provider) => {
  test('with three subscriptions past due: all end, nothing more is asked for, nobody is written to', async () => {
    const ordeal = await openOrdeal(provider);
    const { shop } = ordeal;
    const customer = await ordeal.customer('decline_do_not_honor', { combineCharges: false });
    const ids = [await shop.buy(customer), await shop.buy(customer), await shop.buy(customer)];
    await shop.until('2026-02-06T12:00:00Z');
    for (const id of ids) expect((await shop.subscription(id)).status).toBe('past_due');
    const mails = shop.mails();
    expect(mails).toEqual(Array(3).fill('payment_declined'));
    await shop.send('DELETE', 'subscriptions', `/customers/${customer}`);
    await shop.until(LATE);
    for (const id of ids) {
      expect(await ordeal.picture(id)).toEqual({
        ...{ ...DROPPED, mails, subscription: 'cancelled, customer_erased' },
        sent: 'A1 B2 C3 D4 E5 F6',
        payments: ['2026-02-05 abandoned: declined by response, declined by response'],
      });
    }
    const { data } = await shop.get('billing', `/payments?customerId=${customer}`);
    expect(data).toHaveLength(3);
    expect(JSON.stringify(data)).not.toMatch(/Ada|Lovelace|ada@/);
  });

  test('with an attempt in flight: it finishes and stands', async () => {
    const ordeal = await openOrdeal(provider);
    const customer = await ordeal.customer();
    const id = await ordeal.shop.buy(customer);
    await ordeal.during(['charge', 'answer'], '2026-02-05T06:00:00Z', async () => {
      await ordeal.shop.client.send('DELETE', 'subscriptions', `/customers/${customer}`);
      await ordeal.overtake('subscriptions');
    });
    await ordeal.shop.until(LATE);
    const subscription = 'cancelled, customer_erased';
    expect(await ordeal.picture(id)).toEqual({ ...PAID, subscription, mails: [] });
  });
});
