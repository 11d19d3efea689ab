import { openOrdeal } from './test/ordeal';
import { PROVIDERS } from './test/provider-side';

const [NOT_SENT, LOST, TAKEN] = ['turned away', 'request lost', 'answer lost'] as const;
const [OLD, NEW] = ['card_old_no_webhook', 'card_new_no_webhook'];

// One key has one body, for ever: what is asked for differently gets a key of its own.
describe.each(PROVIDERS)('%s: between a charge and its repetition', (provider) => {
  test.each([
    ['nothing changes', NOT_SENT, 'nothing', 'A1 A1', [2500, OLD]],
    ['nothing changes', LOST, 'nothing', 'A1 A1', [2500, OLD]],
    ['the card is replaced', NOT_SENT, 'card', 'A1 B2', [2500, NEW]],
    ['the card is replaced', LOST, 'card', 'A1 B2', [2500, NEW]],
    ['the card is replaced, and the first got through', TAKEN, 'card', 'A1', [2500, OLD]],
    ['the amount shrinks', NOT_SENT, 'amount', 'A1 B2', [1250, OLD]],
    ['the amount shrinks', LOST, 'amount', 'A1 B2', [1250, OLD]],
    ['the amount shrinks, and the first got through', TAKEN, 'amount', 'A1', [2500, OLD]],
  ] as const)('%s (%s)', async (_, fate, change, sent, charge) => {
    const ordeal = await openOrdeal(provider);
    const { shop } = ordeal;
    const customer = await ordeal.customer(OLD);
    const [kept, dropped] = [await shop.buy(customer), await shop.buy(customer)];
    ordeal.line.meet('charge', fate, 1);
    await shop.until('2026-02-05T06:00:05Z');
    if (change === 'card') await ordeal.replaceCard(customer, NEW);
    const now = { when: 'now' };
    if (change === 'amount') {
      await shop.send('POST', 'subscriptions', `/subscriptions/${dropped}/cancellation`, now);
    }
    await shop.until('2026-02-20T12:00:00Z');
    const { subscription, mails, discrepancies, ...picture } = await ordeal.picture(kept);
    expect(picture.sent).toBe(sent);
    const ledger = ordeal.charges().map(({ amount, paymentMethod }) => [amount, paymentMethod]);
    expect(ledger).toEqual([[charge[0], ordeal.provider.method(charge[1])]]);
    expect([subscription, mails]).toEqual(['active, next 2026-03-05', ['payment_receipt']]);
    expect([picture.refunded, discrepancies]).toEqual([[], []]);
    expect((await ordeal.picture(dropped)).subscription).toBe(
      change === 'amount' ? 'cancelled, customer_request' : 'active, next 2026-03-05',
    );
    const { items, amount, status } = await shop.onlyPayment(kept);
    expect([status, amount.amountMinor]).toEqual(['succeeded', charge[0]]);
    expect(items.map((item: { status: string }) => item.status).sort()).toEqual(
      charge[0] === 1250 ? ['dropped', 'paid'] : ['paid', 'paid'],
    );
  });
});
