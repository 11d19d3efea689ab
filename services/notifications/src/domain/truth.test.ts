import { parseDate, parseInstant } from '@perennial/calendar';
import type { Known, Standing } from './known';
import type { Statement } from './statement';
import { trueNow } from './truth';

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const item = (subscriptionId: string, amountMinor: number) => {
  const nextBillingDate = parseDate('2026-03-31');
  return {
    ...{ subscriptionId, productName: 'Coffee', quantity: 1 },
    ...{ amount: gbp(amountMinor), nextBillingDate },
  };
};
const items = [item('coffee', 2000), item('tea', 500)];
const billingDate = parseDate('2026-02-28');
const nextAttemptOn = parseDate('2026-03-01');

const receipt: Statement = {
  kind: 'payment_receipt',
  data: { amount: gbp(2500), paidOn: billingDate, items },
};
const declined: Statement = {
  kind: 'payment_declined',
  data: { amount: gbp(2500), billingDate, nextAttemptOn, items },
};
const terminated: Statement = {
  kind: 'subscription_terminated',
  data: { productName: 'Coffee', endedOn: nextAttemptOn, paymentId: 'payment', amount: null },
};
const cardLost: Statement = {
  kind: 'card_unavailable',
  data: {
    ...{ subscriptionId: 'coffee', productName: 'Coffee' },
    ...{ cause: 'card_expired', endsOn: parseDate('2026-03-31'), isOver: false },
  },
};
const refunded: Statement = {
  kind: 'refund_receipt',
  data: { amount: gbp(500), refundedOn: billingDate, productNames: ['Tea'] },
};

const ENTITY: Record<Statement['kind'], string> = {
  payment_receipt: 'payment',
  payment_declined: 'payment',
  subscription_terminated: 'coffee',
  card_unavailable: 'cancellation',
  refund_receipt: 'refund',
};

interface Facts {
  readonly erased?: boolean;
  readonly paid?: boolean;
  readonly exhausted?: boolean;
  readonly coffee?: Standing;
  readonly tea?: Standing;
  readonly now?: string;
}

function said(statement: Statement, facts: Facts): Statement['data'] | null {
  const { erased, paid, exhausted, coffee, tea, now = '2026-02-28T07:00:00Z' } = facts;
  const uncollected = { paymentId: 'payment', subscriptionId: 'coffee', amount: gbp(2000) };
  const known: Known = {
    erasedCustomers: new Set(erased ? ['customer'] : []),
    paidPayments: new Set(paid ? ['payment'] : []),
    uncollected: exhausted ? [uncollected] : [],
    standings: new Map([
      ...(coffee ? [['coffee', coffee] as const] : []),
      ...(tea ? [['tea', tea] as const] : []),
    ]),
  };
  const mail = { customerId: 'customer', entityId: ENTITY[statement.kind], statement };
  const time = { zone: 'Europe/London', chargeTime: '06:00' };
  return trueNow(mail, known, { now: parseInstant(now), time })?.data ?? null;
}

const ended: Standing = { state: 'ended' };
const goingOn: Standing = { state: 'going_on' };
const ending = (endsOn: string, byCard: boolean, cancellationId = 'cancellation'): Standing => ({
  ...{ state: 'ending', cancellationId, endsOn: parseDate(endsOn), byCard },
});

// biome-ignore format: a table
test.each<[string, Facts, (string | null)[]]>([
  ['tells the next dates',                                   {},                                                     ['2026-03-31', '2026-03-31']],
  ['none for a subscription that has ended',                 { coffee: ended },                                      [null, '2026-03-31']],
  ['none for one that ends on that date',                    { coffee: ending('2026-03-31', false) },                [null, '2026-03-31']],
  ['none for one that ends before it, its card being lost',  { tea: ending('2026-03-01', true) },                    ['2026-03-31', null]],
  ['one for a subscription that ends on a later date',       { coffee: ending('2026-04-30', false) },                ['2026-03-31', '2026-03-31']],
  ['one when the cancellation was taken back',               { coffee: goingOn },                                    ['2026-03-31', '2026-03-31']],
])('a receipt %s', (_, facts, dates) => {
  expect(said(receipt, facts)).toEqual({
    ...receipt.data,
    items: items.map((one, index) => ({ ...one, nextBillingDate: dates[index] })),
  });
});

const lostSoon = ending('2026-03-01', true);

// biome-ignore format: a table
test.each<[string, Facts, number | null]>([
  ['until its time has come',                       { now: '2026-03-01T05:59:59.999Z' },                 2500],
  ['not from that moment on',                       { now: '2026-03-01T06:00:00Z' },                     null],
  ['not once the money is there',                   { paid: true },                                      null],
  ['not after the last decline',                    { exhausted: true },                                 null],
  ['not for what has ended',                        { coffee: ended },                                    500],
  ['not when all has ended',                        { coffee: ended, tea: ended },                       null],
  ['not with a lost card',                          { coffee: lostSoon, tea: lostSoon },                 null],
  ['for a cycle whose subscription was cancelled',  { coffee: ending('2026-03-31', false), tea: goingOn }, 2500],
])('“we will try again” is said %s', (_, facts, amountMinor) => {
  const told = said(declined, facts);
  if (amountMinor === null) expect(told).toBeNull();
  else expect(told).toMatchObject({ amount: gbp(amountMinor), nextAttemptOn: '2026-03-01' });
});

test.each<[string, Facts, number | null]>([
  ['with what could not be collected', { exhausted: true, coffee: ended }, 2000],
  ['without it where it is not known', { coffee: ended }, null],
  ['without it where it came after all', { exhausted: true, paid: true, coffee: ended }, null],
])('a termination is told %s', (_, facts, amountMinor) => {
  const amount = amountMinor === null ? null : gbp(amountMinor);
  expect(said(terminated, facts)).toEqual({ ...terminated.data, amount });
});

test.each<[string, Facts, string | null]>([
  ['as it was scheduled', { coffee: ending('2026-03-31', true) }, '2026-03-31'],
  ['with its new day when it was moved', { coffee: ending('2026-03-01', true) }, '2026-03-01'],
  ['not after it was revoked', { coffee: goingOn }, null],
  ['not after the end', { coffee: ended }, null],
  ['not when the customer asked for another', { coffee: ending('2026-03-31', false, 'x') }, null],
])('a lost card’s cancellation is told %s', (_, facts, endsOn) => {
  expect(said(cardLost, facts)).toEqual(endsOn && { ...cardLost.data, endsOn });
});

test('a refund is told as it was, whatever else has happened', () => {
  expect(said(refunded, { coffee: ended, tea: ended, paid: true })).toEqual(refunded.data);
});

test.each([receipt, declined, terminated, cardLost, refunded])(
  'nobody writes $kind to a customer who was erased',
  (statement) => {
    expect(said(statement, { erased: true, coffee: ending('2026-03-31', true) })).toBeNull();
  },
);
