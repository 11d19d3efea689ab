import { HOUR_MS, MINUTE_MS, type OneCustomer } from '../../test/one-customer';
import { done, hears, paid, refundCalls } from '../../test/refunds';
import type { RefundEvidence } from './evidence';

const unknown: RefundEvidence = { outcome: 'unknown', detail: 'timeout' };
const pending: RefundEvidence = { outcome: 'pending', providerReference: 're_own' };
const notFound: RefundEvidence = { outcome: 'not_found' };
const notSent = { outcome: 'not_sent', detail: 'refused', waitMs: null, arrived: false } as const;
const turnedAway = { ...notSent, detail: '503', arrived: true };

const asked = () => paid().refunds({ form: 'all' }).runs();
const kinds = (customer: OneCustomer) => refundCalls(customer).map(({ kind }) => kind);
const refundOf = ({ account }: OneCustomer) => {
  const refund = account.refunds.at(-1);
  if (!refund?.request) throw new Error('nothing of ours is refunded');
  return { ...refund, request: refund.request };
};
const wait = (customer: OneCustomer) =>
  Date.parse(refundOf(customer).nextActionAt ?? '') - Date.parse(customer.now);
const runsNext = (customer: OneCustomer) =>
  customer.on(refundOf(customer).nextActionAt ?? '').runs();

/** Each call answered alike, up to and with the one at `end`. */
function until(customer: OneCustomer, end: string, answer: RefundEvidence): OneCustomer {
  while ((refundOf(customer).nextActionAt ?? '') <= end) {
    const known = refundCalls(customer).length;
    runsNext(customer);
    const [call] = refundCalls(customer).slice(known);
    if (call) hears(customer, answer, call.kind === 'refund' ? 'response' : 'enquiry');
  }
  return customer.on(end);
}

describe('A refund whose answer is lost', () => {
  test.each([
    ['unknown', unknown, [0.5, 2, 10, 60, 360, 360, 360, 287.5]],
    ['accepted', pending, [10, 60, 360, 360, 360, 290]],
  ] as const)(
    '%s: is asked about as a charge is, and after a day at the latest',
    (_, answer, minutes) => {
      const customer = hears(asked(), answer);
      const waits = minutes.map(() => {
        const ms = wait(customer);
        hears(runsNext(customer), answer, 'enquiry');
        return ms / MINUTE_MS;
      });
      expect(waits).toEqual(minutes);
      expect(new Set(kinds(customer).slice(1))).toEqual(new Set(['enquire-refund']));
      expect(customer.account.discrepancies).toMatchObject([
        {
          kind: 'unknown_outcome',
          about: refundOf(customer).id,
          openedAt: '2026-02-04T06:00:00.000Z',
        },
      ]);
      expect(wait(customer)).toBe(6 * HOUR_MS);
    },
  );

  test('with the process that asked: asked about a minute later, never sent again on trust', () => {
    const customer = asked().later(MINUTE_MS).runs();
    expect(kinds(customer)).toEqual(['refund', 'enquire-refund']);
  });

  test('and whose enquiry could not be sent is still unknown, not unsent', () => {
    const customer = hears(asked(), unknown);
    hears(runsNext(customer), notSent, 'enquiry');
    expect(kinds(runsNext(customer))).toEqual(['refund', 'enquire-refund', 'enquire-refund']);
  });

  test.each([
    ['within the lag after the longest call says nothing', 89_999, 'enquire-refund'],
    ['past the lag: sent again with the same request', 90_000, 'refund'],
  ])('an enquiry that finds nothing %s', (_, ms, kind) => {
    const customer = hears(asked(), unknown).later(ms).runs();
    const { request } = refundOf(customer);
    runsNext(hears(customer, notFound, 'enquiry'));
    expect(refundCalls(customer).at(-1)).toMatchObject({ kind, refund: { request } });
  });
});

describe('Past the life of its key a refund', () => {
  const IS_OVER = '2026-02-04T05:59:00.000Z';

  test('is only asked about; found nowhere, it is a new request of the same money', () => {
    const customer = hears(asked(), unknown);
    const { request: first, amount, id } = refundOf(customer);
    until(customer, '2026-02-04T05:58:00.000Z', unknown);
    hears(runsNext(customer), notFound, 'enquiry');
    const { request, ...refund } = refundOf(customer);
    expect(refund).toMatchObject({ id, amount, status: 'pending', firstSentAt: null });
    expect(request.reference).not.toBe(first.reference);
    expect(request.key).not.toBe(first.key);
    expect(JSON.parse(request.body)).toMatchObject({ reference: request.reference, amount });
    customer.runs();
    expect(refundCalls(customer).at(-1)).toMatchObject({ kind: 'refund', refund: { request } });
    expect(hears(customer, done).account.refunds).toMatchObject([{ status: 'succeeded' }]);
  });

  test('that was turned away is asked about before anything is sent', () => {
    const customer = until(hears(asked(), turnedAway), IS_OVER, turnedAway);
    hears(runsNext(customer), unknown, 'enquiry');
    expect(kinds(customer).at(-1)).toBe('enquire-refund');
    const { request } = refundOf(customer);
    hears(runsNext(customer), notFound, 'enquiry').runs();
    expect(kinds(customer).slice(-2)).toEqual(['enquire-refund', 'refund']);
    expect(refundOf(customer).request).not.toEqual(request);
  });

  test('that never arrived is simply sent, with its first request', () => {
    const customer = hears(asked(), notSent);
    const { request } = refundOf(customer);
    runsNext(until(customer, '2026-02-05T12:00:00.000Z', notSent));
    expect(new Set(kinds(customer))).toEqual(new Set(['refund']));
    expect(refundOf(customer).request).toEqual(request);
  });

  test('that the provider had accepted is never asked for anew', () => {
    const customer = until(hears(asked(), pending), IS_OVER, pending);
    const { request } = refundOf(customer);
    hears(runsNext(customer), notFound, 'enquiry');
    expect(refundOf(customer)).toMatchObject({ request, delivery: 'sent' });
  });
});
