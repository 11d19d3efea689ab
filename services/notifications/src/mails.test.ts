import { parseDate } from '@perennial/calendar';
import { happeningsTo } from '../test/happenings';
import { ADA } from '../test/outside';
import { type Running, runNotifications } from '../test/running-notifications';

const HOUR_MS = 3_600_000;

let running: Running;
let ada: ReturnType<typeof happeningsTo>;

beforeEach(async () => {
  running = await runNotifications();
  ada = happeningsTo(running.ids);
});
afterEach(() => running.stop());

const kinds = () => running.outside.posted.map(({ body }) => body.template);
const texts = () => running.outside.posted.map(({ body }) => body.text);
const mails = async (query = '') => (await running.call('GET', `/mails${query}`)).body.data;

test('a payment that succeeds is one receipt at the CRM, under the mail’s own key', async () => {
  await running.tell(ada.succeeded());
  const [mail] = await mails();
  expect(mail).toMatchObject({
    ...{ kind: 'payment_receipt', entity: { type: 'payment', id: ada.paymentId } },
    ...{ customerId: ada.customerId, status: 'sent', attempts: 1 },
    ...{ createdAt: '2026-02-28T06:00:05.000Z', sentAt: '2026-02-28T06:00:05.000Z' },
  });
  const { outside } = running;
  expect(outside.contactsAsked).toMatchObject([
    {
      path: `GET /contacts/${ada.customerId}`,
      headers: { authorization: 'Bearer contacts-token' },
    },
  ]);
  expect(outside.posted).toMatchObject([
    {
      headers: { authorization: 'Bearer crm-key', 'idempotency-key': mail.id },
      body: {
        to: { email: ADA.email, name: 'Dr Ada Lovelace' },
        ...{ template: 'payment_receipt', subject: 'Your receipt for 25.00 GBP' },
        text: expect.stringContaining('2 × Coffee: 25.00 GBP – next charge on 31 March 2026'),
        html: expect.stringContaining('<p>Dear Dr Ada Lovelace,</p>'),
        tags: ['payment_receipt'],
      },
    },
  ]);
});

test('each mail goes out once, however often its reason is told', async () => {
  const told = [
    ada.succeeded(),
    ada.scheduled('card_expired'),
    ada.refunded(),
    ada.refunded(),
    ada.ended('terminated'),
  ];
  for (const one of told) await running.tell(one);
  await running.tell(...told, ...told);
  const once = ['payment_receipt', 'card_unavailable', 'refund_receipt', 'refund_receipt'];
  expect(kinds()).toEqual([...once, 'subscription_terminated']);
});

test('only the first decline of a payment is told, with when it is tried again', async () => {
  await running.tell(ada.declined(0));
  await running.pass(24 * HOUR_MS);
  await running.tell(ada.declined(1));
  expect(kinds()).toEqual(['payment_declined']);
  expect(texts()[0]).toContain('We will try again on 1 March 2026');
});

test('the last decline and the end are one mail, with what could not be collected', async () => {
  await running.tell(ada.exhausted());
  expect(kinds()).toEqual([]);
  await running.tell(ada.ended('terminated'));
  expect(kinds()).toEqual(['subscription_terminated']);
  expect(texts()[0]).toContain('The last charge of 25.00 GBP for Coffee was declined');
});

test.each([
  ['a cancellation that the customer asked for', () => [ada.scheduled('customer_request')]],
  ['the end that the customer asked for', () => [ada.ended('cancelled')]],
  ['a cancellation that is taken back', () => [ada.revoked()]],
])('no mail is due for %s', async (_, told) => {
  await running.tell(...told());
  expect(await mails()).toEqual([]);
});

describe('what is over when it would be sent is not sent', () => {
  // biome-ignore format: a table
  test.each<[string, () => ReturnType<typeof ada.erased>[], string[]]>([
    ['a decline, after the money came',        () => [ada.declined(), ada.succeeded()],                       ['payment_receipt']],
    ['also when that is heard first',          () => [ada.succeeded(), ada.declined()],                       ['payment_receipt']],
    ['a decline, after the last one',          () => [ada.declined(), ada.exhausted()],                       []],
    ['a decline, after the end',               () => [ada.declined(), ada.ended('cancelled')],                []],
    ['a decline, after the card was lost',     () => [ada.declined(), ada.scheduled('card_expired')],         ['card_unavailable']],
    ['a cancellation, after its revocation',   () => [ada.scheduled('card_expired', 2), ada.revoked(3)],      []],
    ['also when that is heard first',          () => [ada.revoked(3), ada.scheduled('card_expired', 2)],      []],
    ['anything, after the customer is erased', () => [ada.succeeded(), ada.refunded(), ada.erased()],         []],
  ])('%s', async (_, told, sent) => {
    await running.deliver(...told());
    await running.tell();
    expect(kinds()).toEqual(sent);
    expect((await mails()).map(({ kind }: { kind: string }) => kind)).toEqual(sent);
  });
});

test('a cancellation that comes back is told after all', async () => {
  await running.deliver(ada.scheduled('card_expired', 2), ada.revoked(3));
  await running.tell();
  await running.tell(ada.scheduled('card_expired', 4, parseDate('2026-04-30')));
  expect(texts()).toEqual([expect.stringContaining('ends on 30 April 2026')]);
});

describe('an end that a lost card brought is told once', () => {
  // biome-ignore format: a table
  test.each<[string, () => ReturnType<typeof ada.erased>[], string]>([
    ['at the end, where nothing had been scheduled',  () => [ada.endedByCard(false)],                                'therefore ended on'],
    ['at the end, where the mail was not sent before', () => [ada.scheduled('card_expired', 2), ada.endedByCard(true)], 'therefore ended on'],
    ['also when that is heard first',                 () => [ada.endedByCard(true), ada.scheduled('card_expired', 2)], 'therefore ended on'],
  ])('%s', async (_, told, text) => {
    await running.deliver(...told());
    await running.tell();
    expect(texts()).toEqual([expect.stringContaining(text)]);
  });

  test('not again at the end, where it was told when it was scheduled', async () => {
    await running.tell(ada.scheduled('card_expired', 2));
    await running.tell(ada.endedByCard(true));
    expect(texts()).toEqual([expect.stringContaining('unless you give us another card')]);
  });
});

describe('trouble outside', () => {
  test.each([
    ['the CRM is busy', { crm: [429, 503, 500], contacts: [] }],
    ['the CRM hangs up', { crm: ['hang up', 'hang up', 'hang up'], contacts: [] }],
    // Found by the simulation, seeds 54 and 56: such a page was taken for the CRM's own word.
    ['a proxy answers in its place', { crm: ['page', 'page', 'page'], contacts: [] }],
    ['the key of the CRM is wrong', { crm: [401, 401, 401], contacts: [] }],
    ['subscriptions is busy', { crm: [], contacts: [503, 404, 'hang up'] }],
  ] as const)('%s: the mail waits longer each time, and goes out once', async (_, replies) => {
    running.outside.replies.crm.push(...replies.crm);
    running.outside.replies.contacts.push(...replies.contacts);
    await running.tell(ada.succeeded());
    for (const [tries, minutes] of [
      [1, 1],
      [2, 5],
      [3, 30],
    ] as const) {
      expect(await mails()).toMatchObject([{ status: 'pending', attempts: tries }]);
      await running.pass(minutes * 60_000 - 1);
      expect(await mails('?status=sent')).toEqual([]);
      await running.pass(1);
    }
    expect(await mails()).toMatchObject([{ status: 'sent', attempts: 4 }]);
    const keys = running.outside.posted.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    await running.pass(24 * HOUR_MS);
    expect(running.outside.posted).toHaveLength(keys.length);
  });

  test('“we will try again” names the newest day when it goes out late', async () => {
    running.outside.replies.crm.push(...Array.from({ length: 8 }, () => 503));
    await running.tell(ada.declined(0));
    await running.pass(23 * HOUR_MS);
    await running.tell(ada.declined(1));
    await running.pass(12 * HOUR_MS);
    expect(texts().at(-1)).toContain('We will try again on 2 March 2026');
    expect(await mails()).toMatchObject([{ status: 'sent' }]);
  });

  test('a decline whose next attempt has passed is not told, until there is a next one', async () => {
    running.outside.replies.crm.push(...Array.from({ length: 20 }, () => 503));
    await running.tell(ada.declined(0));
    await running.pass(36 * HOUR_MS);
    expect(await mails()).toEqual([]);
    running.outside.replies.crm.length = 0;
    await running.tell(ada.declined(1));
    expect(texts().at(-1)).toContain('We will try again on 2 March 2026');
  });

  test('what the CRM refuses for good has failed, and nothing else suffers', async () => {
    running.outside.replies.crm.push(422);
    await running.tell(ada.succeeded());
    await running.tell(ada.refunded());
    expect(await mails('?status=failed')).toMatchObject([{ kind: 'payment_receipt' }]);
    expect(await mails('?status=sent')).toMatchObject([{ kind: 'refund_receipt' }]);
  });

  test('after about a week it is given up', async () => {
    running.outside.replies.crm.push(...Array.from({ length: 40 }, () => 503));
    await running.tell(ada.succeeded());
    await running.pass(6 * 24 * HOUR_MS);
    expect(await mails()).toMatchObject([{ status: 'pending' }]);
    await running.pass(2 * 24 * HOUR_MS);
    expect(await mails()).toMatchObject([{ status: 'failed', attempts: 32, sentAt: null }]);
    expect(running.outside.posted).toHaveLength(32);
  });
});

test('more than one run can take are all sent, each once', async () => {
  const customers = Array.from({ length: 120 }, () => happeningsTo(running.ids));
  await running.tell(...customers.map((customer) => customer.succeeded()));
  const keys = running.outside.posted.map(({ headers }) => headers['idempotency-key']);
  expect([keys.length, new Set(keys).size]).toEqual([120, 120]);
});

test('no row and no log line tells who a customer is', async () => {
  running.outside.replies.crm.push(503, 422);
  await running.tell(ada.succeeded(), ada.refunded());
  await running.pass(HOUR_MS);
  const rows = await running.db.transaction((tx) => tx.select('SELECT * FROM mails'));
  expect(rows).toHaveLength(2);
  const everything = JSON.stringify([rows, await mails(), running.logged]);
  const secrets = ['Ada', 'Lovelace', 'ada@', 'crm-key', 'contacts-token'];
  expect(secrets.filter((text) => everything.includes(text))).toEqual([]);
});
