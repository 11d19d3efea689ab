import {
  declined,
  HOUR_MS,
  notFound,
  notSent,
  OneCustomer,
  pending,
  refused,
  succeeded,
  unknown,
} from '../../test/one-customer';
import { done, hears, paid, refundCalls } from '../../test/refunds';
import type { ChargeEvidence, RefundEvidence } from './evidence';

/** Sent, lost, found nowhere, and sent again: two of us are at work, and the first is slow. */
const sentAgain = () => {
  const customer = new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03');
  const first = customer.lastAttempt;
  const asking = customer.hears(unknown).later(90_000).runs().lastAttempt;
  customer.hears(notFound, { by: 'enquiry' }).runs().later(59_000);
  return { customer, first, asking };
};

const lost: [string, ChargeEvidence][] = [
  ['unknown', unknown],
  ['not sent', notSent],
  ['refused', refused],
];
const final: [string, ChargeEvidence, string][] = [
  ['succeeded', succeeded, 'succeeded'],
  ['declined', declined(), 'declined'],
  ['pending', pending, 'pending'],
];

describe('An answer that comes after somebody else has taken the attempt up', () => {
  test.each([...lost, ['not found', notFound]] as const)(
    'to an enquiry, %s: says nothing about what was sent after it was asked',
    (_, evidence) => {
      const { customer, asking: attempt } = sentAgain();
      const before = customer.account;
      customer.hears(evidence, { by: 'enquiry', attempt });
      expect(customer.account).toEqual(before);
    },
  );

  test.each(lost)('to the first send, %s: says nothing about the second', (_, evidence) => {
    const { customer, first: attempt } = sentAgain();
    const before = customer.account;
    customer.hears(evidence, { attempt });
    expect(customer.account).toEqual(before);
  });

  test.each(final)('%s, is evidence all the same', (_, evidence, status) => {
    const { customer, first: attempt } = sentAgain();
    expect(customer.hears(evidence, { attempt }).lastAttempt.status).toBe(status);
  });

  test.each([
    ['not sent', 'response', notSent, 'not_sent'],
    ['turned away', 'response', { ...notSent, arrived: true } as ChargeEvidence, 'not_sent'],
    ['not found', 'enquiry', notFound, 'not_sent'],
    ['unknown', 'response', unknown, 'unknown'],
    ['an enquiry that was not sent', 'enquiry', notSent, 'unknown'],
  ] as const)(
    '%s, about the only send there was, is as true as before',
    (_, by, answer, status) => {
      const customer = new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03');
      const { lastAttempt: first } = customer;
      const second = customer.later(90_000).runs().lastAttempt;
      customer.later(60_000).runs().hears(unknown, { by: 'enquiry' });
      const before = customer.account;
      customer.hears(answer, { by, attempt: by === 'response' ? first : second });
      expect(customer.lastAttempt.status).toBe(status);
      if (status === 'unknown') expect(customer.account).toEqual(before);
    },
  );

  test('twice, is an answer once: the ladder is not climbed by echoes', () => {
    const { customer } = sentAgain();
    const { lastAttempt: attempt } = customer;
    for (const answer of [pending, unknown]) {
      const heard = customer.hears(answer, { attempt }).account;
      customer.later(1000).hears(answer, { attempt });
      expect(customer.account).toEqual(heard);
    }
  });
});

describe('An answer about a refund that somebody else has taken up', () => {
  const again = () => {
    const customer = paid().refunds({ form: 'all' }).runs();
    hears(customer, { outcome: 'unknown', detail: '' }).later(90_000).runs();
    hears(customer, { outcome: 'not_found' }, 'enquiry').runs().later(59_000);
    const [first, asking] = refundCalls(customer);
    return { customer, first: first?.refund, asking: asking?.refund };
  };

  test.each<RefundEvidence>([
    { outcome: 'unknown', detail: '' },
    { outcome: 'not_sent', detail: '503', waitMs: null, arrived: true },
    { outcome: 'not_found' },
    { outcome: 'refused', detail: 'answered 400' },
  ])('$outcome: says nothing about what was sent after it was asked', (evidence) => {
    const { customer, first, asking } = again();
    const before = customer.account;
    hears(customer, evidence, 'enquiry', asking?.request?.reference, asking);
    hears(customer, evidence, 'response', first?.request?.reference, first);
    expect(customer.account).toEqual(before);
  });

  test.each([
    ['not sent', { outcome: 'not_sent', detail: '503', waitMs: null, arrived: true }, 'to_send'],
    ['refused', { outcome: 'refused', detail: 'answered 400' }, null],
    ['unknown', { outcome: 'unknown', detail: '' }, 'sent'],
  ] as [string, RefundEvidence, string | null][])(
    '%s, about the only send there was: is as true as before',
    (_, evidence, delivery) => {
      const customer = paid().refunds({ form: 'all' }).runs();
      const [call] = refundCalls(customer);
      hears(customer.later(60_000).runs(), { outcome: 'unknown', detail: '' }, 'enquiry');
      hears(customer, evidence, 'response', call?.refund.request?.reference, call?.refund);
      expect(customer.account.refunds).toMatchObject([{ delivery }]);
    },
  );

  test('succeeded: is evidence all the same', () => {
    const { customer, first } = again();
    hears(customer, done, 'response', first?.request?.reference, first);
    expect(customer.account.refunds).toMatchObject([{ status: 'succeeded' }]);
  });
});

describe('An enquiry is as late as it was asked, not as it was answered', () => {
  test.each([
    ['within the lag', 659_999, 'unknown'],
    ['past the lag', 660_000, 'not_sent'],
  ])('%s', (_, ms, status) => {
    const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
    customer.sheets['aurora'] = { enquiryLagMs: 600_000 };
    customer.runsOn('2026-02-03').later(ms).runs();
    const { lastAttempt: attempt } = customer;
    customer.later(20_000).hears(notFound, { by: 'enquiry', attempt });
    expect(customer.lastAttempt.status).toBe(status);
  });
});

describe('The first day of grace', () => {
  test.each([
    ['of what was sent once is the day of that', 0, '2026-02-03'],
    ['of what was found nowhere is the day of the send that got there', 20 * HOUR_MS, '2026-02-04'],
  ])('%s', (_, ms, day) => {
    const customer = new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03');
    if (ms > 0) {
      customer.hears(unknown).later(ms).runs();
      customer.hears(notFound, { by: 'enquiry' }).runs();
    }
    customer.hears(declined(), { by: 'webhook' });
    expect(customer.payment.firstReachedOn).toBe(day);
  });
});
