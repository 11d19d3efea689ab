import { until } from '@perennial/testing';
import { openOrdeal, PAID, type Picture } from './test/ordeal';
import { PROVIDERS } from './test/provider-side';

const ENQUIRED = { ...PAID, payments: ['2026-02-05 succeeded: succeeded by enquiry'] };
const OPEN: Picture = { ...PAID, payments: ['2026-02-05 processing: unknown'], mails: [] };
const LATE = '2026-02-20T12:00:00Z';

describe.each(PROVIDERS)('%s', (provider) => {
  test.each(['answer lost', 'silence', 'request lost'] as const)(
    'an answer that does not come (%s) is no answer: the provider is asked, and the cycle is paid once',
    async (fate) => {
      const ordeal = await openOrdeal(provider, fate === 'silence' ? { timeoutMs: 300 } : {});
      const id = await ordeal.subscriber('no_webhook');
      ordeal.line.meet('charge', fate, 1);
      const arrived = fate === 'answer lost';
      await ordeal.shop.until('2026-02-05T06:00:29Z');
      expect(await ordeal.picture(id)).toEqual({ ...OPEN, ledger: arrived ? PAID.ledger : [] });
      await ordeal.shop.until(LATE);
      expect(await ordeal.picture(id)).toEqual(arrived ? ENQUIRED : { ...PAID, sent: 'A1 A1' });
      expect(ordeal.asked('enquiry')).toBe(arrived ? 1 : ordeal.provider.absentAfter);
    },
  );

  test('the operator presses charge while the outcome is unknown: nothing is sent again', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('no_webhook');
    ordeal.line.meet('charge', 'answer lost', 1);
    ordeal.line.meet('enquiry', 'request lost');
    for (const at of ['06:00:01', '06:00:20', '06:01:30', '06:05:00']) {
      await ordeal.shop.until(`2026-02-05T${at}Z`);
      const run = await ordeal.shop.send('POST', 'billing', '/runs');
      expect(run).toMatchObject({ due: 0, sent: 0, succeeded: 0, unknown: 0 });
    }
    expect(await ordeal.picture(id)).toEqual(OPEN);
    ordeal.line.restore();
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual(ENQUIRED);
  });

  test('the operator presses charge while the charge is under way: nothing is sent again', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('no_webhook');
    const pressed: Promise<unknown>[] = [];
    await ordeal.during(['charge', 'answer'], '2026-02-05T06:00:00Z', async () => {
      for (let press = 0; press < 2; press += 1) {
        pressed.push(ordeal.shop.client.send('POST', 'billing', '/runs'));
      }
      const runs = async () => (await ordeal.shop.get('billing', '/runs')).data.length;
      await until(async () => (await runs()) === 3, { what: 'the runs to have begun' });
    });
    for (const run of pressed) expect(await run).toMatchObject({ due: 0, sent: 0 });
    expect(await ordeal.picture(id)).toEqual(PAID);
  });

  test('an enquiry says "not found", and the charge was captured: sent again, it is still one charge', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('no_webhook');
    ordeal.line.meet('charge', 'answer lost', 1);
    ordeal.line.meet('enquiry', ordeal.provider.notFound, ordeal.provider.absentAfter);
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toMatchObject({
      ...{ ledger: PAID.ledger, sent: 'A1 A1', subscription: PAID.subscription },
      ...{ payments: [expect.stringMatching('succeeded: succeeded')], mails: PAID.mails },
      discrepancies: [],
    });
  });

  test('an enquiry lags behind: what it cannot see yet is no evidence that it is not there', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('enquiry_lag_no_webhook');
    ordeal.line.meet('charge', 'answer lost', 1);
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toMatchObject({ ledger: PAID.ledger, mails: PAID.mails });
  });

  test('500 after the capture, and the same again when it is sent again: only enquiries decide', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('500_after_no_webhook');
    await ordeal.shop.until('2026-02-05T06:00:29Z');
    expect(await ordeal.picture(id)).toEqual(OPEN);
    ordeal.line.meet('enquiry', ordeal.provider.notFound, ordeal.provider.absentAfter);
    await ordeal.shop.until('2026-02-05T06:02:31Z');
    expect((await ordeal.picture(id)).sent).toBe('A1 A1');
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual({ ...ENQUIRED, sent: 'A1 A1' });
  });

  test('six hours of silence, then enquiries are answered', async () => {
    const ordeal = await openOrdeal(provider, { timeoutMs: 100 });
    const id = await ordeal.subscriber('no_webhook');
    ordeal.line.meet('charge', 'silence', 1);
    ordeal.line.meet('enquiry', 'silence');
    await ordeal.shop.until('2026-02-05T12:00:00Z');
    expect(await ordeal.picture(id)).toEqual({ ...OPEN, ledger: [] });
    ordeal.line.restore();
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual({ ...PAID, sent: 'A1 A1' });
  });

  test('silence, and a success webhook on day 3: no new key, nobody terminated, an operator told after a day', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('no_webhook');
    ordeal.line.meet('charge', 'answer lost', 1);
    ordeal.line.meet('enquiry', 'request lost');
    await ordeal.shop.until('2026-02-06T05:59:59Z');
    expect(await ordeal.picture(id)).toEqual(OPEN);
    await ordeal.shop.until('2026-02-08T09:00:00Z');
    const told = { discrepancies: ['unknown_outcome'] };
    expect(await ordeal.picture(id)).toEqual({ ...OPEN, ...told });
    expect(await ordeal.tell('success', 1)).toBeLessThan(300);
    await ordeal.shop.until(LATE);
    const payments = ['2026-02-05 succeeded: succeeded by webhook'];
    expect(await ordeal.picture(id)).toEqual({ ...PAID, ...told, payments });
  });

  test('a retry falls due while the one before is pending: at most one is under way', async () => {
    const ordeal = await openOrdeal(provider);
    const id = await ordeal.subscriber('pending_no_webhook_decline1_do_not_honor');
    await ordeal.shop.until('2026-02-06T06:00:01Z');
    ordeal.line.meet('enquiry', 'request lost');
    await ordeal.shop.until('2026-02-09T12:00:00Z');
    expect(await ordeal.picture(id)).toMatchObject({
      sent: 'A1 B2',
      payments: ['2026-02-05 processing: declined by enquiry, pending'],
      subscription: 'past_due, next 2026-03-05',
      mails: ['payment_declined'],
    });
    ordeal.line.restore();
    await ordeal.shop.until(LATE);
    expect(await ordeal.picture(id)).toEqual({
      ...PAID,
      ledger: ['2026-02-06 1250 GBP'],
      sent: 'A1 B2',
      payments: ['2026-02-05 succeeded: declined by enquiry, succeeded by enquiry'],
      discrepancies: ['unknown_outcome'],
      mails: ['payment_declined', 'payment_receipt'],
    });
  });
});
