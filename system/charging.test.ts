import { openShop } from './test/shop';

describe('anniversaries', () => {
  test.each([
    ['2026-01-03T12:00:00Z', 'monthly', ['2026-02-03', '2026-03-03', '2026-04-03']],
    ['2026-01-31T12:00:00Z', 'monthly', ['2026-02-28', '2026-03-31', '2026-04-30']],
    ['2025-11-30T12:00:00Z', 'quarterly', ['2026-02-28', '2026-05-30', '2026-08-30']],
    ['2024-02-29T12:00:00Z', 'annual', ['2026-02-28', '2027-02-28', '2028-02-29']],
    // London is an hour ahead: bought on the 4th there.
    ['2025-07-03T23:30:00Z', 'monthly', ['2026-02-04', '2026-03-04', '2026-04-04']],
  ] as const)(
    'what was bought at %s is billed %s on its own days',
    async (purchasedAt, interval, dates) => {
      const shop = await openShop({ now: '2026-01-31T12:00:00Z' });
      const id = await shop.subscriber('ok', { purchasedAt, interval });
      const { data } = await shop.get('billing', `/subscriptions/${id}/schedule?count=3`);
      expect(data.map(({ billingDate }: { billingDate: string }) => billingDate)).toEqual(dates);
      await shop.until(`${dates[0]}T23:00:00Z`);
      expect(shop.charged()).toEqual([`${dates[0]} 1250 GBP`]);
      expect((await shop.subscription(id)).nextBillingDate).toBe(dates[1]);
    },
  );

  test('are charged at 06:00 in London, in summer too, and each once', async () => {
    const shop = await openShop();
    const id = await shop.subscriber();
    await shop.until('2026-02-05T05:59:59.999Z');
    expect(shop.charged()).toEqual([]);
    await shop.until('2026-04-05T05:00:01Z');
    expect(shop.charged()).toEqual([
      '2026-02-05 1250 GBP',
      '2026-03-05 1250 GBP',
      '2026-04-05 1250 GBP',
    ]);
    await shop.send('POST', 'billing', '/runs');
    expect(await shop.payments(id)).toHaveLength(3);
  });
});

describe('what is owed', () => {
  test('is price times quantity as on the day of purchase', async () => {
    const shop = await openShop();
    await shop.subscriber('ok', { quantity: 3 });
    await shop.until('2026-02-06T00:00:00Z');
    expect(shop.charged()).toEqual(['2026-02-05 3750 GBP']);
  });

  test.each([
    ['at charge time', '2026-01-05T05:00:00Z', '2026-01-05T06:00:00.000Z'],
    ['at once after it', '2026-01-05T12:00:00Z', '2026-01-05T12:00:00.000Z'],
  ])('on the day of purchase, when asked for, is charged %s', async (_, now, at) => {
    const shop = await openShop({ now });
    const id = await shop.subscriber('ok', { firstCharge: 'purchase' });
    await shop.until('2026-01-05T13:00:00Z');
    const { attempts, items } = await shop.onlyPayment(id);
    expect(attempts[0].startedAt.slice(0, 19)).toBe(at.slice(0, 19));
    expect(items).toMatchObject([{ cycle: 0, billingDate: '2026-01-05', status: 'paid' }]);
  });

  test('by an import is only what falls due from its registration on', async () => {
    const shop = await openShop();
    const id = await shop.subscriber('ok', { purchasedAt: '2025-08-05T12:00:00Z' });
    await shop.until('2026-02-06T00:00:00Z');
    // Registered on the fifth itself: that cycle is not before the day of registration.
    expect((await shop.payments(id)).map(({ items }) => items[0].cycle)).toEqual([5, 6]);
  });
});

describe('together', () => {
  test.each([
    ['one charge for all that is due together', {}, ['GBP', 'GBP'], ['2026-02-05 2500 GBP']],
    ['one for each currency', {}, ['GBP', 'EUR'], ['2026-02-05 1250 EUR', '2026-02-05 1250 GBP']],
    [
      'one each, when the customer wants it so',
      { combineCharges: false },
      ['GBP', 'GBP'],
      ['2026-02-05 1250 GBP', '2026-02-05 1250 GBP'],
    ],
  ])('%s', async (_, wish, currencies, charges) => {
    const shop = await openShop();
    const customer = await shop.customer('ok', wish);
    const ids: string[] = [];
    for (const currency of currencies) {
      ids.push(await shop.buy(customer, { price: { amountMinor: 1250, currency } }));
    }
    await shop.until('2026-02-06T00:00:00Z');
    expect(shop.charged().sort()).toEqual(charges);
    const items = await Promise.all(
      ids.map(async (id) => (await shop.onlyPayment(id)).items.length),
    );
    expect(items).toEqual(currencies.map(() => currencies.length / charges.length));
  });
});

describe('late', () => {
  test('cycles keep their own dates and are collected oldest first', async () => {
    const shop = await openShop();
    const id = await shop.subscriber();
    await shop.downUntil('2026-03-12T12:00:00Z');
    await shop.until('2026-03-13T00:00:00Z');
    const payments = await shop.payments(id);
    expect(payments.map(({ billingDate }) => billingDate)).toEqual(['2026-02-05', '2026-03-05']);
    expect(payments[0].attempts[0].settledAt <= payments[1].attempts[0].startedAt).toBe(true);
    expect((await shop.subscription(id)).nextBillingDate).toBe('2026-04-05');
  });

  test.each([
    ['35 days late is charged', '2026-03-12T12:00:00Z', ['2026-02-05', '2026-03-05'], []],
    ['36 days late is waived', '2026-03-13T12:00:00Z', ['2026-03-05'], ['waived_cycle']],
  ])('a cycle first found %s', async (_, found, dates, discrepancies) => {
    const shop = await openShop();
    const id = await shop.subscriber();
    await shop.downUntil(found);
    await shop.until('2026-03-14T00:00:00Z');
    expect((await shop.payments(id)).map(({ billingDate }) => billingDate)).toEqual(dates);
    expect(await shop.discrepancies()).toEqual(discrepancies);
  });

  test('a cycle waits for an older open payment, however long, and is not waived', async () => {
    const shop = await openShop({ env: { CATCH_UP_MAX_DAYS: '2' } });
    const id = await shop.subscriber();
    await shop.until('2026-02-05T05:00:00Z');
    await shop.faults({ '503_before': 1 });
    await shop.until('2026-03-09T12:00:00Z');
    expect((await shop.onlyPayment(id)).status).toBe('scheduled');
    await shop.faults({});
    await shop.until('2026-03-11T12:00:00Z');
    const payments = await shop.payments(id);
    expect(payments.map(({ billingDate, status }) => `${billingDate} ${status}`)).toEqual([
      '2026-02-05 succeeded',
      '2026-03-05 succeeded',
    ]);
    expect(await shop.discrepancies()).toEqual([]);
  });
});

test('a run says what it found, sent and was answered', async () => {
  const shop = await openShop();
  await shop.subscriber('ok');
  await shop.subscriber('decline_expired_card');
  await shop.until('2026-02-05T12:00:00Z');
  const { data } = await shop.get('billing', '/runs');
  expect(data[0]).toMatchObject({ due: 2, sent: 2, succeeded: 1, declined: 1, combined: 0 });
});

test('the forecast names the cycles and amounts of each day', async () => {
  const shop = await openShop();
  await shop.subscriber();
  await shop.subscriber('other', { interval: 'quarterly', quantity: 2 });
  const { data } = await shop.get('billing', '/forecast?from=2026-02-01&to=2026-06-30');
  expect(data.find(({ date }: { date: string }) => date === '2026-04-05')).toEqual({
    date: '2026-04-05',
    currency: 'GBP',
    cycles: 2,
    amountMinor: 3750,
  });
  expect(data.map(({ cycles }: { cycles: number }) => cycles)).toEqual([1, 1, 2, 1, 1]);
});
