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
import type { ChargeEvidence, Source } from './evidence';

const due = () => new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03');
const arrived: ChargeEvidence = { outcome: 'not_sent', detail: '503', waitMs: null, arrived: true };
const keyIsOver = () =>
  due()
    .hears(arrived)
    .later(24 * HOUR_MS)
    .runs();

const froms = {
  'on its way': () => due(),
  unknown: () => due().hears(unknown),
  pending: () => due().hears(pending),
  'not sent': () => due().hears(notSent),
  'turned away': () => due().hears(arrived),
  'past its key, asked about': keyIsOver,
  'given up': () => keyIsOver().hears(notFound, { by: 'enquiry' }),
  declined: () => due().declined(),
  succeeded: () => due().paid(),
} satisfies Record<string, () => OneCustomer>;
type From = keyof typeof froms;

const LONGEST_CALL_MS = 30_000;
const LONG = 1000 * HOUR_MS;
const evidences = {
  succeeded: { evidence: succeeded },
  declined: { evidence: declined() },
  pending: { evidence: pending },
  unknown: { evidence: unknown },
  'not sent': { evidence: notSent },
  'turned away': { evidence: arrived },
  'not found, early': { evidence: notFound, enquiryLagMs: LONG },
  'not found': { evidence: notFound, enquiryLagMs: 0 },
  refused: { evidence: refused },
} satisfies Record<string, { evidence: ChargeEvidence; enquiryLagMs?: number }>;
type Evidence = keyof typeof evidences;

const sources = ['response', 'webhook', 'enquiry', 'reconciliation'] as const;
type Row = Record<Source, string>;

/** `=`: nothing changes. A webhook and a reconciliation know only what the provider has. */
const row = (response: string, enquiry: string): Row => ({
  ...{ response, webhook: '=', enquiry, reconciliation: '=' },
});
const always = (end: string): Row => ({
  ...{ response: end, webhook: end, enquiry: end, reconciliation: end },
});
const told = (end: string): Row => ({ ...always(end), reconciliation: '=' });

const open = {
  succeeded: always('succeeded'),
  declined: always('declined'),
  pending: always('pending'),
};
const onItsWay = {
  ...open,
  unknown: row('unknown', 'unknown'),
  'not sent': row('not_sent, waits', 'unknown'),
  'turned away': row('not_sent, waits', 'unknown'),
  'not found, early': row('unknown', 'unknown'),
  'not found': row('unknown', 'not_sent, at once'),
  refused: row('unknown + provider_refused', 'unknown + provider_refused'),
};
const waiting = {
  ...open,
  unknown: row('unknown', 'not_sent, waits'),
  'not sent': row('not_sent, waits', 'not_sent, waits'),
  'turned away': row('not_sent, waits', 'not_sent, waits'),
  'not found, early': row('unknown', 'not_sent, waits'),
  'not found': row('unknown', 'not_sent, at once'),
  refused: row('unknown + provider_refused', 'not_sent, waits + provider_refused'),
};
const nothing = {
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
  pending: {
    ...open,
    unknown: row('pending', 'pending'),
    'not sent': row('pending', 'pending'),
    'turned away': row('pending', 'pending'),
    'not found, early': row('pending', 'pending'),
    'not found': row('pending', 'pending'),
    refused: row('pending + provider_refused', 'pending + provider_refused'),
  },
  'not sent': waiting,
  'turned away': waiting,
  'past its key, asked about': {
    ...waiting,
    pending: always('pending + unknown_outcome'),
    unknown: row('unknown + unknown_outcome', 'not_sent, waits'),
    'not found, early': row('unknown + unknown_outcome', 'not_sent, waits'),
    'not found': row('unknown + unknown_outcome', 'not_sent, given up'),
    refused: row(
      'unknown + unknown_outcome + provider_refused',
      'not_sent, waits + provider_refused',
    ),
  },
  'given up': { ...open, pending: always('pending + unknown_outcome'), ...nothing },
  declined: {
    ...nothing,
    succeeded: told('succeeded + contradicting_outcome'),
    declined: always('='),
    pending: always('='),
  },
  succeeded: {
    ...nothing,
    succeeded: always('='),
    declined: told('succeeded + contradicting_outcome'),
    pending: always('='),
  },
};

const cases = Object.entries(table).flatMap(([from, rows]) =>
  Object.entries(rows).flatMap(([evidence, row]) =>
    sources.map((by) => [from as From, evidence as Evidence, by, row[by]] as const),
  ),
);

describe('What is known of a charge, and what is heard of it next', () => {
  test.each(cases)('%s, then %s by %s: %s', (from, name, by, expected) => {
    const customer = froms[from]().later(LONGEST_CALL_MS);
    const { evidence, ...lag } = { enquiryLagMs: 0, ...evidences[name] };
    customer.sheets['aurora'] = lag;
    const { account, lastAttempt: before } = customer;
    customer.hears(evidence, { by });
    expect(endOf(customer, account)).toBe(expected);

    const { lastAttempt: attempt, payment } = customer;
    const { items, reference, idempotencyKey, body, amount } = before;
    expect(attempt).toMatchObject({ items, reference, idempotencyKey, body, amount });
    const isOpen = ['scheduled', 'processing', 'retrying'].includes(payment.status);
    expect(isOpen && customer.dueAt === null).toBe(false);
    const unresolved = ['created', 'pending', 'unknown'].includes(attempt.status);
    expect(payment.status === 'processing').toBe(unresolved);
    expect(payment.status === 'succeeded').toBe(attempt.status === 'succeeded');
  });
});

function endOf(customer: OneCustomer, before: OneCustomer['account']): string {
  const { lastAttempt, discrepancies } = customer;
  if (JSON.stringify(customer.account) === JSON.stringify(before)) return '=';
  const { status, nextActionAt } = lastAttempt;
  const when =
    nextActionAt === null ? 'given up' : nextActionAt > customer.now ? 'waits' : 'at once';
  return [status === 'not_sent' ? `not_sent, ${when}` : status, ...discrepancies].join(' + ');
}

describe('An attempt that was given up and is pending after all', () => {
  const newer = () => {
    const customer = froms['given up']().runsOn('2026-02-05');
    const [first] = customer.payment.attempts;
    if (!first) throw new Error('no first attempt');
    return { customer, first };
  };

  test('is waited for in place of the next', () => {
    const customer = froms['given up']().hears(pending, { by: 'reconciliation' });
    expect(customer.payment).toMatchObject({ status: 'processing', nextAttemptAt: null });
    expect(customer.runsOn('2026-02-05').payment.attempts).toHaveLength(1);
  });

  test('is left to its end while another is under way: one at a time', () => {
    const { customer, first } = newer();
    const before = customer.payment;
    customer.hears(pending, { attempt: first, by: 'reconciliation' });
    expect(customer.payment).toEqual(before);
  });

  test('whose place another has taken, and whose money comes: the other goes back', () => {
    const { customer, first } = newer();
    customer.hears(succeeded, { attempt: first, by: 'reconciliation' }).paid();
    expect(customer.moneyBack).toEqual(['automatic 1000 duplicate for the payment']);
    expect(customer.discrepancies).toEqual(['duplicate_charge']);
  });
});
