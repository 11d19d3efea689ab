import {
  declined,
  notSent,
  OneCustomer,
  pending,
  succeeded,
  unknown,
} from '../../test/one-customer';
import { explain } from './explanation';

const buys = () => new OneCustomer().buys('s', { on: '2026-01-03' });
const due = () => buys().runsOn('2026-02-03');

function explained(customer: OneCustomer, subscriptionId = 's') {
  const { account, moment } = customer;
  const schedule = account.schedules.find((one) => one.subscriptionId === subscriptionId);
  if (!schedule) throw new Error('no subscription');
  return explain({
    ...{ customer: account.customer, schedule, today: moment.today, rules: moment.rules },
    payments: account.payments
      .filter(({ items }) => items.some((item) => item.subscriptionId === subscriptionId))
      .map((payment) => ({
        payment,
        refunds: account.refunds.filter(({ paymentId }) => paymentId === payment.id),
      })),
  });
}

const steps = (customer: OneCustomer) =>
  explained(customer).charges.map(({ steps: all }) =>
    all.map(({ at, what }) => `${at.slice(0, 16)} ${what}`),
  );
const whys = (customer: OneCustomer, id = 's') =>
  explained(customer, id).charges.flatMap(({ steps: all }) => all.map(({ why }) => why));
const next = (customer: OneCustomer) =>
  explained(customer).next.map(({ on, what }) => `${on} ${what}`);

describe('Why a charge was made', () => {
  test('a charge that was paid at its second attempt, in the order of what happened', () => {
    expect(steps(due().declined('do_not_honor').runsOn('2026-02-04').paid())).toEqual([
      [
        '2026-02-03T06:00 cycle 1 fell due on 2026-02-03',
        '2026-02-03T06:00 a payment was made for it',
        '2026-02-03T06:00 attempt 1 was sent',
        '2026-02-03T06:00 attempt 1 declined: do_not_honor',
        '2026-02-04T06:00 attempt 2 was sent',
        '2026-02-04T06:00 attempt 2 succeeded',
        '2026-02-04T06:00 a mail payment_receipt was asked of notifications',
      ],
    ]);
  });

  test('a charge that was never paid ends with the mail that says so', () => {
    const customer = buys();
    customer.runsUntil('2026-02-09', () => declined());
    expect(steps(customer)[0]?.slice(-2)).toEqual([
      '2026-02-08T06:00 attempt 6 declined: insufficient_funds',
      '2026-02-08T06:00 a mail subscription_terminated was asked of notifications',
    ]);
  });

  test('each charge by itself, oldest first', () => {
    const customer = buys();
    customer.runsUntil('2026-04-03', () => succeeded);
    expect(
      explained(customer).charges.map(({ cycle, billingDate }) => [cycle, billingDate]),
    ).toEqual([
      [1, '2026-02-03'],
      [2, '2026-03-03'],
      [3, '2026-04-03'],
    ]);
  });

  test('refunds, with who made them and why', () => {
    const customer = due().paid().later(60_000).refunds({ form: 'amount', amountMinor: 400 });
    expect(steps(customer)[0]?.at(-1)).toBe(
      '2026-02-03T06:01 a refund of 400 GBP was made (operator)',
    );
    expect(whys(customer).at(-1)).toBe('requested_by_customer');
  });

  test.each([
    ['of the date', due(), 'anniversary 1 of the purchase of 2026-01-03, billed monthly'],
    ['of a payment of one', due(), 'the only cycle of the customer that was due then'],
    ['of the first attempt', due(), 'the charge time of its date had come'],
    [
      'of a further attempt',
      due().declined().runsOn('2026-02-04'),
      'the attempt before it had ended unpaid',
    ],
    ['of an outcome', due().hears(pending).paid('webhook'), 'the provider said so by webhook'],
    ['of the receipt', due().paid(), 'the money is there'],
  ])('the reason %s', (_, customer, why) => {
    expect(whys(customer)).toContain(why);
  });

  test('the reason of a payment of several', () => {
    const customer = buys().buys('t', { on: '2026-01-03' }).runsOn('2026-02-03');
    const why = '2 cycles of the customer were due together and are charged together';
    expect(whys(customer, 's')).toContain(why);
    expect(whys(customer, 't')).toContain(why);
    expect(explained(customer).charges).toHaveLength(1);
  });
});

describe('What happens next if the card keeps failing', () => {
  const from = (first: number, ...days: string[]) => [
    ...days.map((day, index) => `${day} attempt ${first + index}`),
    `${days.at(-1)} terminated: not paid`,
  ];
  const march = [
    '2026-03-03',
    '2026-03-04',
    '2026-03-05',
    '2026-03-06',
    '2026-03-07',
    '2026-03-08',
  ];

  test.each([
    [
      'before the first date',
      buys(),
      from(1, '2026-02-03', '2026-02-04', '2026-02-05', '2026-02-06', '2026-02-07', '2026-02-08'),
    ],
    ['after a payment', due().paid(), from(1, ...march)],
    [
      'after the first decline',
      due().declined(),
      from(2, '2026-02-04', '2026-02-05', '2026-02-06', '2026-02-07', '2026-02-08'),
    ],
    [
      'while an attempt is unknown',
      due().hears(unknown),
      ['2026-02-03 the provider is asked what became of the attempt'],
    ],
    [
      'while an attempt is pending, a day later',
      due().hears(pending).on('2026-02-04'),
      ['2026-02-04 the provider is asked what became of the attempt'],
    ],
    [
      'with a cancellation of the next date',
      buys().asksToEnd('s', '2026-02-03'),
      ['2026-02-03 cancelled: asked for by the customer'],
    ],
    [
      'with a cancellation of a later date',
      buys().asksToEnd('s', '2026-03-03'),
      from(1, '2026-02-03', '2026-02-04', '2026-02-05', '2026-02-06', '2026-02-07', '2026-02-08'),
    ],
    [
      'with a card that is gone',
      buys().losesCard(),
      ['2026-02-03 cancelled: the card is unavailable'],
    ],
    [
      'with a card that is gone, in grace',
      due().declined().losesCard(),
      ['2026-02-04 cancelled: the card is unavailable'],
    ],
    ['cancelled now', due().declined().endsNow('s'), []],
    ['terminated', buys().runsUntil('2026-02-09', () => declined()), []],
  ])('%s', (_, customer, expected) => {
    expect(next(customer)).toEqual(expected);
  });

  test('after an outage the days of grace count from the first attempt that arrived', () => {
    const customer = buys();
    customer.runsUntil('2026-02-05T12:00:00.000Z', () => notSent);
    customer.runsUntil('2026-02-06T01:00:00.000Z', () => declined());
    expect(customer.payment.firstReachedOn).toBe('2026-02-05');
    expect(next(customer)).toEqual(
      from(2, '2026-02-06', '2026-02-07', '2026-02-08', '2026-02-09', '2026-02-10'),
    );
  });

  test.each([1, 2, 3, 4, 5])('it comes true: after decline %i', (declines) => {
    const customer = buys();
    customer.runsUntil(`2026-02-0${declines + 2}`, () => declined());
    const foretold = explained(customer).next.map(({ on, what }) => `${on} ${what}: declined`);
    customer.runsUntil('2026-03-01', () => declined());
    expect(customer.attempts.slice(declines)).toEqual(foretold.slice(0, -1));
  });

  test('of a subscription that has only been heard of, nothing is known', () => {
    expect(explained(new OneCustomer().asksToEnd('s', '2026-02-03'))).toEqual({
      charges: [],
      next: [],
    });
  });
});
