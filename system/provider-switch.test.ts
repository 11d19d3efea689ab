import { openShop } from './test/shop';

test('refused while an attempt is unresolved, taken when it is settled; a new card is always taken', async () => {
  const shop = await openShop({ env: { PROVIDERS: 'aurora,borealis' } });
  const customer = await shop.customer('pending_no_webhook');
  const id = await shop.buy(customer);
  await shop.until('2026-02-05T06:00:05Z');
  const put = (provider: string) =>
    shop.send('PUT', 'subscriptions', `/customers/${customer}/payment-method`, {
      provider,
      paymentMethod: 'pm_new',
    });
  await expect(put('borealis')).rejects.toThrow(/: 409.*attempt-unresolved/);
  await put('aurora');
  await expect(put('nobody')).rejects.toThrow(': 422');
  await shop.until('2026-02-05T12:00:00Z');
  await put('borealis');
  // History stays true.
  expect(await shop.onlyPayment(id)).toMatchObject({ provider: 'aurora', status: 'succeeded' });
});
