import { openOrdeal, type Picture } from './test/ordeal';
import { PROVIDERS, type ProviderName } from './test/provider-side';

const FIVE =
  'declined by response, declined by response, declined by response, declined by response, declined by response';
const LATE = '2026-02-20T12:00:00Z';

const PAID_LATE: Picture = {
  ledger: ['2026-02-10 1250 GBP'],
  refunded: [],
  sent: 'A1 B2 C3 D4 E5 F6',
  payments: [],
  subscription: 'active, next 2026-03-05',
  discrepancies: ['unknown_outcome'],
  mails: ['payment_declined', 'payment_receipt'],
};
const TERMINATED: Picture = {
  ...{ ...PAID_LATE, ledger: [], subscription: 'terminated, payment_exhausted' },
  mails: ['payment_declined', 'subscription_terminated'],
};

/** Five declines, and on the last day of grace an attempt of which nobody hears. */
async function unknownOnTheLastDay(provider: ProviderName, card: string) {
  const ordeal = await openOrdeal(provider);
  const id = await ordeal.subscriber(`no_webhook_${card}`);
  await ordeal.shop.until('2026-02-10T05:59:00Z');
  ordeal.line.meet('charge', 'answer lost', 1);
  ordeal.line.meet('enquiry', 'request lost');
  await ordeal.shop.until('2026-02-12T12:00:00Z');
  return { ordeal, id };
}

describe.each(PROVIDERS)('%s: the last attempt is unknown at the deadline', (provider) => {
  test.each([
    ['a webhook', 'decline5_do_not_honor', 'success'],
    ['an enquiry', 'decline5_do_not_honor', 'success'],
    ['a webhook', 'decline_do_not_honor', 'failure'],
    ['an enquiry', 'decline_do_not_honor', 'failure'],
  ] as const)('nobody is terminated; then %s (%s) says: %s', async (source, card, outcome) => {
    const { ordeal, id } = await unknownOnTheLastDay(provider, card);
    const success = outcome === 'success';
    expect(await ordeal.picture(id)).toEqual({
      ...(success ? PAID_LATE : TERMINATED),
      payments: [`2026-02-05 processing: ${FIVE}, unknown`],
      subscription: 'past_due, next 2026-03-05',
      mails: ['payment_declined'],
    });
    if (source === 'a webhook') await ordeal.tell(outcome, 6);
    else ordeal.line.restore();
    await ordeal.shop.until(LATE);
    const by = source === 'a webhook' ? 'webhook' : 'enquiry';
    const [status, fate] = success ? ['succeeded', 'succeeded'] : ['exhausted', 'declined'];
    expect(await ordeal.picture(id)).toEqual({
      ...(success ? PAID_LATE : TERMINATED),
      payments: [`2026-02-05 ${status}: ${FIVE}, ${fate} by ${by}`],
    });
  });

  test('then it turns out never to have arrived: one more attempt, and that decides', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('no_webhook_decline_do_not_honor');
    await ordeal.shop.until('2026-02-10T05:59:00Z');
    ordeal.line.meet('charge', 'request lost', 1);
    ordeal.line.meet('enquiry', 'request lost');
    await ordeal.shop.until('2026-02-12T12:00:00Z');
    expect((await ordeal.picture(id)).subscription).toBe('past_due, next 2026-03-05');
    ordeal.line.restore();
    await ordeal.shop.until(LATE);
    const expired = ordeal.provider.keyLifetimeHours < 54;
    expect(await ordeal.picture(id)).toEqual({
      ...TERMINATED,
      sent: expired ? 'A1 B2 C3 D4 E5 F6 G7' : 'A1 B2 C3 D4 E5 F6 F6',
      payments: [
        `2026-02-05 exhausted: ${FIVE}, ${expired ? 'not_sent, ' : ''}declined by response`,
      ],
    });
  });
});

describe.each(PROVIDERS)('%s: a late decline of an earlier attempt', (provider) => {
  test('after the deadline, while another is unknown: that one decides', async () => {
    const ordeal = await openOrdeal(provider, { booksDiffer: true });
    const { shop, line } = ordeal;
    const customer = await ordeal.customer('first_no_webhook');
    const id = await shop.buy(customer);
    line.meet('charge', 'turned away', 1);
    await shop.until('2026-02-05T06:00:05Z');
    await ordeal.replaceCard(customer, 'second_no_webhook');
    line.meet('charge', 'answer lost', 1);
    line.meet('enquiry', 'request lost');
    await shop.until('2026-02-10T12:00:00Z');
    await ordeal.tell('failure', 1);
    await shop.until('2026-02-12T12:00:00Z');
    const { status, endedAt } = await shop.subscription(id);
    expect([['active', 'past_due'].includes(status), endedAt]).toEqual([true, null]);
    line.restore();
    await shop.until(LATE);
    const { mails, ...picture } = await ordeal.picture(id);
    expect(picture).toEqual({
      ...{ ledger: ['2026-02-05 1250 GBP'], refunded: [], sent: 'A1 B2' },
      payments: ['2026-02-05 succeeded: declined by webhook, succeeded by enquiry'],
      subscription: 'active, next 2026-03-05',
      discrepancies: ['unknown_outcome'],
    });
    expect(mails.filter((mail) => mail !== 'payment_declined')).toEqual(['payment_receipt']);
  });
});

/** Attempt six, on the last day, is under way while an event says that attempt five took the money. */
async function successWhileTheLastIsUnderWay(provider: ProviderName, card: string) {
  const ordeal = await openOrdeal(provider, { booksDiffer: true });
  const id = await ordeal.subscriber(`no_webhook_${card}`);
  await ordeal.shop.until('2026-02-10T05:59:00Z');
  await ordeal.during(['charge', 'answer'], '2026-02-10T06:00:00Z', async () => {
    await ordeal.tell('success', 5);
    await ordeal.overtake('webhooks');
  });
  await ordeal.shop.until(LATE);
  return { ordeal, id };
}

const FOUR = FIVE.split(', ').slice(1).join(', ');

describe.each(PROVIDERS)('%s: success and termination at once', (provider) => {
  const TERMINATED_FIRST: Picture = {
    ...{ ...TERMINATED, discrepancies: ['late_success'] },
    payments: [`2026-02-05 succeeded: ${FIVE}, succeeded by webhook`],
    mails: ['payment_declined', 'subscription_terminated', 'payment_receipt'],
  };

  test('the success first: the last decline changes nothing', async () => {
    const { ordeal, id } = await successWhileTheLastIsUnderWay(provider, 'decline_do_not_honor');
    expect(await ordeal.picture(id)).toEqual({
      ...PAID_LATE,
      ledger: [],
      payments: [`2026-02-05 succeeded: ${FOUR}, succeeded by webhook, declined by response`],
      discrepancies: ['contradicting_outcome'],
    });
  });

  test('the success first, and the last attempt captures too: the second capture goes back', async () => {
    const { ordeal, id } = await successWhileTheLastIsUnderWay(provider, 'decline5_do_not_honor');
    const { mails, ...picture } = await ordeal.picture(id);
    expect(picture).toEqual({
      ...{ ledger: PAID_LATE.ledger, sent: PAID_LATE.sent, subscription: PAID_LATE.subscription },
      payments: [`2026-02-05 succeeded: ${FOUR}, succeeded by webhook, succeeded by response`],
      discrepancies: ['contradicting_outcome', 'duplicate_charge'],
      refunded: [1250],
    });
    expect(mails.filter((mail) => mail === 'payment_receipt')).toHaveLength(1);
  });

  test('the termination first: money received, nothing revived, an operator decides', async () => {
    const ordeal = await openOrdeal(provider, { booksDiffer: true });
    const id = await ordeal.subscriber('no_webhook_decline_do_not_honor');
    await ordeal.shop.until('2026-02-10T06:00:00Z');
    expect((await ordeal.picture(id)).subscription).toBe('terminated, payment_exhausted');
    await ordeal.tell('success', 6);
    await ordeal.shop.until(LATE);
    const { mails, ...picture } = await ordeal.picture(id);
    const { mails: _, ...expected } = TERMINATED_FIRST;
    const payments = [expect.stringMatching(/^2026-02-05 succeeded: .* succeeded by webhook$/)];
    expect(picture).toEqual({ ...expected, payments });
    expect(mails.slice(0, 2)).toEqual(['payment_declined', 'subscription_terminated']);
  });

  test('nobody can say which was first: one of the two, whole', async () => {
    const ordeal = await openOrdeal(provider, { booksDiffer: true });
    const id = await ordeal.subscriber('no_webhook_decline_do_not_honor');
    await ordeal.shop.until('2026-02-10T05:59:59Z');
    const last = ordeal.shop.until('2026-02-10T06:00:00Z');
    await Promise.all([last, ordeal.tell('success', 5)]);
    await ordeal.shop.until(LATE);
    const { subscription, discrepancies, payments } = await ordeal.picture(id);
    expect(payments).toEqual([expect.stringMatching(/^2026-02-05 succeeded: /)]);
    expect([
      ['active, next 2026-03-05', ['contradicting_outcome']],
      ['terminated, payment_exhausted', ['late_success']],
    ]).toContainEqual([subscription, discrepancies]);
  });
});
