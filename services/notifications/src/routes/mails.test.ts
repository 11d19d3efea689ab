import { happeningsTo } from '../../test/happenings';
import { type Running, runNotifications } from '../../test/running-notifications';

let running: Running;
beforeAll(async () => {
  running = await runNotifications();
});
afterAll(() => running.stop());

test('mails are listed newest first, page by page, by customer, kind and status', async () => {
  const [ada, eve] = [happeningsTo(running.ids), happeningsTo(running.ids)];
  await running.tell(ada.succeeded(), ada.refunded(), eve.succeeded());
  const list = async (query: string) => (await running.call('GET', `/mails?${query}`)).body;
  const all = await list('limit=200');
  expect(all).toMatchObject({ data: [{}, {}, {}], nextCursor: null });
  const first = await list('limit=2');
  const second = await list(`limit=2&cursor=${first.nextCursor}`);
  expect([...first.data, ...second.data]).toEqual(all.data);
  expect((await list(`customerId=${ada.customerId}`)).data).toHaveLength(2);
  const receipts = await list(`customerId=${ada.customerId}&kind=payment_receipt&status=sent`);
  expect(receipts.data).toEqual([all.data[2]]);
  const one = await running.call('GET', `/mails/${all.data[2].id}`);
  expect(one).toEqual({ status: 200, body: all.data[2] });
});

test.each([
  ['/mails?limit=0', 422],
  ['/mails?status=dropped', 422],
  ['/mails?kind=newsletter', 422],
  ['/mails/0197d000-0000-7000-8000-000000000001', 404],
  ['/mails/nothing', 404],
])('%s is answered %i', async (path, status) => {
  expect((await running.call('GET', path)).status).toBe(status);
});

test('a preview is written to nobody', async () => {
  const amount = { amountMinor: 1250, currency: 'KWD' };
  const data = { amount, refundedOn: '2026-02-28', productNames: ['Tea'] };
  const { status, body } = await running.call('POST', '/mails/preview', {
    ...{ kind: 'refund_receipt', data },
  });
  expect([status, body.subject]).toEqual([200, 'Your refund of 1.250 KWD']);
  expect(body.text).toContain('Dear Dr Alex Example,');
  expect(body.html).toContain('<li>Tea</li>');
  const wrong = await running.call('POST', '/mails/preview', { kind: 'refund_receipt', data: {} });
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors[0].pointer).toBe('/data/amount');
});
