import { HOUR_MS, type OneCustomer } from '../../test/one-customer';
import { done, hears, paid } from '../../test/refunds';
import type { RefundEvidence, Source } from './evidence';

const turnedAway = { outcome: 'not_sent', detail: '503', waitMs: null, arrived: true } as const;
const failed: RefundEvidence = { outcome: 'failed', providerReference: null };
const notFound: RefundEvidence = { outcome: 'not_found' };

const asked = () => paid().refunds({ form: 'all' }).runs();
const froms = {
  'on its way': asked,
  unknown: () => hears(asked(), { outcome: 'unknown', detail: '' }),
  accepted: () => hears(asked(), { outcome: 'pending', providerReference: 're_own' }),
  'turned away': () => hears(asked(), turnedAway),
  'past its key, asked about': () =>
    hears(asked(), turnedAway)
      .later(24 * HOUR_MS)
      .runs(),
  failed: () => hears(asked(), failed),
  'failed, its money given otherwise': () => hears(asked(), failed).refunds({ form: 'all' }),
  succeeded: () => hears(asked(), done),
} satisfies Record<string, () => OneCustomer>;
type From = keyof typeof froms;

const LONGEST_CALL_MS = 30_000;
const LONG = 1000 * HOUR_MS;
const other = { amountMinor: 1699, currency: 'GBP' };
const evidences = {
  succeeded: { evidence: done },
  'succeeded, another amount': { evidence: { ...done, amount: other } },
  'succeeded, another currency': {
    evidence: { ...done, amount: { amountMinor: 1700, currency: 'EUR' } },
  },
  failed: { evidence: failed },
  pending: { evidence: { outcome: 'pending', providerReference: 're_own' } },
  unknown: { evidence: { outcome: 'unknown', detail: 'timeout' } },
  'not sent': { evidence: { ...turnedAway, arrived: false } },
  'turned away': { evidence: turnedAway },
  'not found, early': { evidence: notFound, enquiryLagMs: LONG },
  'not found': { evidence: notFound, enquiryLagMs: 0 },
  refused: { evidence: { outcome: 'refused', detail: 'answered 400' } },
} as const satisfies Record<string, { evidence: RefundEvidence; enquiryLagMs?: number }>;
type Evidence = keyof typeof evidences;

const sources = ['response', 'webhook', 'enquiry', 'reconciliation'] as const;
type Row = Record<Source, string>;
const row = (response: string, enquiry: string): Row => ({
  ...{ response, webhook: '=', enquiry, reconciliation: '=' },
});
const always = (end: string): Row => ({
  ...{ response: end, webhook: end, enquiry: end, reconciliation: end },
});
const told = (end: string): Row => ({ ...always(end), reconciliation: '=' });

const open = {
  succeeded: always('succeeded'),
  'succeeded, another amount': always('succeeded + refund_differs'),
  'succeeded, another currency': always('succeeded + refund_differs'),
  failed: always('failed'),
  pending: always('sent, waits'),
};
const onItsWay = {
  ...open,
  unknown: row('sent, waits', 'sent, waits'),
  'not sent': row('to_send, waits', 'sent, waits'),
  'turned away': row('to_send, waits', 'sent, waits'),
  'not found, early': row('sent, waits', 'sent, waits'),
  'not found': row('sent, waits', 'to_send, at once'),
  refused: row('failed + provider_refused', 'sent, waits + provider_refused'),
};
const nothing = {
  failed: always('='),
  pending: always('='),
  unknown: always('='),
  'not sent': always('='),
  'turned away': always('='),
  'not found, early': always('='),
  'not found': always('='),
  refused: always('='),
};

const table: Record<From, Record<Evidence, Row>> = {
  'on its way': onItsWay,
  unknown: onItsWay,
  accepted: {
    ...onItsWay,
    'not sent': row('sent, waits', 'sent, waits'),
    'turned away': row('sent, waits', 'sent, waits'),
    'not found': row('sent, waits', 'sent, waits'),
  },
  'turned away': {
    ...onItsWay,
    unknown: row('sent, waits', 'to_send, waits'),
    'not sent': row('to_send, waits', 'to_send, waits'),
    'turned away': row('to_send, waits', 'to_send, waits'),
    'not found, early': row('sent, waits', 'to_send, waits'),
    refused: row('failed + provider_refused', 'to_send, waits + provider_refused'),
  },
  'past its key, asked about': {
    ...open,
    pending: always('sent, waits + unknown_outcome'),
    unknown: row('sent, waits + unknown_outcome', 'to_send, waits'),
    'not sent': row('to_send, waits', 'to_send, waits'),
    'turned away': row('to_send, waits', 'to_send, waits'),
    'not found, early': row('sent, waits + unknown_outcome', 'to_send, waits'),
    'not found': row('sent, waits + unknown_outcome', 'to_send, at once, anew'),
    refused: row('failed + provider_refused', 'to_send, waits + provider_refused'),
  },
  failed: {
    ...nothing,
    succeeded: told('succeeded + refund_differs'),
    'succeeded, another amount': told('succeeded + refund_differs'),
    'succeeded, another currency': told('succeeded + refund_differs'),
  },
  'failed, its money given otherwise': {
    ...nothing,
    succeeded: told('failed + refund_exceeds_payment'),
    'succeeded, another amount': told('failed + refund_exceeds_payment'),
    'succeeded, another currency': told('failed + refund_exceeds_payment'),
  },
  succeeded: {
    ...nothing,
    succeeded: always('='),
    'succeeded, another amount': told('succeeded + refund_differs'),
    'succeeded, another currency': told('succeeded + refund_differs'),
    failed: told('succeeded + refund_differs'),
  },
};

const cases = Object.entries(table).flatMap(([from, rows]) =>
  Object.entries(rows).flatMap(([evidence, row]) =>
    sources.map((by) => [from as From, evidence as Evidence, by, row[by]] as const),
  ),
);

const firstOf = ({ account }: OneCustomer) => {
  const [refund] = account.refunds;
  if (!refund) throw new Error('nothing is refunded');
  return refund;
};

describe('What is known of a refund, and what is heard of it next', () => {
  test.each(cases)('%s, then %s by %s: %s', (from, name, by, expected) => {
    const customer = froms[from]().later(LONGEST_CALL_MS);
    const { evidence, ...lag } = { enquiryLagMs: 0, ...evidences[name] };
    customer.sheets['aurora'] = lag;
    const before = customer.account;
    const { request, amount } = firstOf(customer);
    hears(customer, evidence, by, request?.reference);
    expect(endOf(customer, before)).toBe(expected);

    const after = firstOf(customer);
    expect(after.amount).toEqual(amount);
    expect(after.nextActionAt === null).toBe(after.status !== 'pending');
    const isAnew = after.request?.reference !== request?.reference;
    expect(isAnew).toBe(expected.endsWith('anew'));
    const gone = customer.account.refunds.filter(({ status }) => status !== 'failed');
    expect(gone.reduce((sum, refund) => sum + refund.amount.amountMinor, 0)).toBeLessThan(1701);
  });
});

function endOf(customer: OneCustomer, before: OneCustomer['account']): string {
  if (JSON.stringify(customer.account) === JSON.stringify(before)) return '=';
  const { status, delivery, nextActionAt, firstSentAt } = firstOf(customer);
  const when = nextActionAt !== null && nextActionAt > customer.now ? 'waits' : 'at once';
  const isAnew = delivery === 'to_send' && firstSentAt === null && when === 'at once';
  const open = [delivery, when, ...(isAnew ? ['anew'] : [])].join(', ');
  return [status === 'pending' ? open : status, ...customer.discrepancies].join(' + ');
}
