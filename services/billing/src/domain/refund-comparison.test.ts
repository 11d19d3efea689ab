import { addMs, parseInstant } from '@perennial/calendar';
import { refund as made } from '../../test/one-attempt';
import type { RefundEvidence } from './evidence';
import type { OurRefund, TheirRefund } from './reconciliation';
import type { Refund, RefundStatus } from './refund';
import { compareRefund, missingRefund, strangeRefund } from './refund-comparison';

const now = parseInstant('2026-01-06T09:00:00Z');
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const id = made.id;

const SAID: Record<string, RefundEvidence> = {
  succeeded: { outcome: 'succeeded', providerReference: 're_1' },
  failed: { outcome: 'failed', providerReference: 're_1' },
  pending: { outcome: 'pending', providerReference: 're_1' },
};

function ours(status: RefundStatus, more: Partial<Refund> = {}): OurRefund {
  const providerReference = status === 'pending' ? null : 're_1';
  const refund = { ...made, providerReference, status, ...more };
  return { refund, customerId: 'customer', paymentReference: 'pay_1' };
}

function theirs(said: string, more: Partial<TheirRefund> = {}): TheirRefund {
  const evidence = SAID[said];
  if (!evidence) throw new Error(said);
  const names = { providerReference: 're_1', reference: made.request?.reference ?? null };
  return { ...names, paymentReference: 'pay_1', amount: gbp(250), evidence, ...more };
}

const told = (mine: OurRefund, all: readonly TheirRefund[], asked = false) => {
  const result = compareRefund(mine, all, now, { asked });
  const found = result.findings.map(({ kind, about }) => `${kind} ${about.replace(id, 'refund')}`);
  return [
    ...(result.met ? ['met'] : ['not met']),
    ...found,
    ...(result.told ? [`settled as ${result.told.evidence.outcome}`] : []),
    ...(result.inDoubt ? ['asks first'] : []),
  ];
};

// biome-ignore format: a table
test.each<[RefundStatus, string, string[]]>([
  ['succeeded', 'succeeded', ['met']],
  ['succeeded', 'failed',    ['met', 'refund_differs refund']],
  ['succeeded', 'pending',   ['met', 'asks first']],
  ['failed',    'succeeded', ['met', 'refund_differs refund']],
  ['failed',    'failed',    ['met']],
  ['failed',    'pending',   ['met', 'asks first']],
  ['pending',   'succeeded', ['met', 'settled as succeeded']],
  ['pending',   'failed',    ['met', 'settled as failed']],
  ['pending',   'pending',   ['met']],
])('one that is %s here and %s there: %j', (here, there, expected) => {
  expect(told(ours(here), [theirs(there)])).toEqual(expected);
});

test.each<[RefundStatus, string[]]>([
  ['succeeded', ['met', 'refund_differs refund']],
  ['failed', ['met', 'refund_differs refund']],
])('one that is %s here and, when asked, still pending there: %j', (here, expected) => {
  expect(told(ours(here), [theirs('pending')], true)).toEqual(expected);
});

const euros = { amountMinor: 250, currency: 'EUR' };
// biome-ignore format: a table
test.each<[string, RefundStatus, string, Partial<TheirRefund>, string[]]>([
  ['a penny more went back',       'succeeded', 'succeeded', { amount: gbp(251) },            ['met', 'refund_differs refund']],
  ['a penny less went back',       'succeeded', 'succeeded', { amount: gbp(249) },            ['met', 'refund_differs refund']],
  ['other money went back',        'succeeded', 'succeeded', { amount: euros },               ['met', 'refund_differs refund']],
  ['it is settled all the same',   'pending',   'succeeded', { amount: gbp(1) },              ['met', 'refund_differs refund', 'settled as succeeded']],
  ['nothing went back',            'failed',    'failed',    { amount: gbp(1) },              ['met']],
  ['it was of another charge',     'succeeded', 'succeeded', { paymentReference: 'pay_2' },   ['met', 'refund_differs refund']],
])('%s', (_, here, there, more, expected) => {
  expect(told(ours(here), [theirs(there, more)])).toEqual(expected);
});

const other = { providerReference: 're_2' };
// biome-ignore format: a table
test.each<[string, RefundStatus, TheirRefund[], string[]]>([
  ['both went back',               'succeeded', [theirs('succeeded', other), theirs('succeeded')], ['met', 'refund_differs aurora:re_2']],
  ['only the other is shown yet',  'succeeded', [theirs('succeeded', other)],                      ['not met', 'refund_differs aurora:re_2']],
  ['the other failed',             'succeeded', [theirs('succeeded'), theirs('failed', other)],    ['met']],
  ['of both we know nothing',      'pending',   [theirs('failed', other), theirs('succeeded')],    ['met', 'settled as succeeded']],
])('two refunds under one reference: %s', (_, here, all, expected) => {
  expect(told(ours(here), all)).toEqual(expected);
});

test.each([
  ['its answer is awaited', addMs(now, -59_999), ['met']],
  ['its answer is overdue', addMs(now, -60_000), ['met', 'settled as succeeded']],
])('one that was just sent, and %s', (_, lastSentAt, expected) => {
  expect(told(ours('pending', { lastSentAt }), [theirs('succeeded')])).toEqual(expected);
});

test.each([
  ['succeeded', ['refund_differs aurora:re_1']],
  ['pending', ['refund_differs aurora:re_1']],
  ['failed', []],
])('one that nobody here knows, %s there: %j', (there, expected) => {
  const found = strangeRefund('aurora', theirs(there, { reference: null }));
  expect(found.map(({ kind, about }) => `${kind} ${about}`)).toEqual(expected);
  for (const { details } of found) {
    expect(details).toMatchObject({ subject: 'refund', paymentReference: 'pay_1' });
  }
});

test('one that is missing there says what is here', () => {
  expect(missingRefund(ours('succeeded'))).toMatchObject({
    ...{ kind: 'missing_there', about: id, paymentId: 'payment' },
    details: { subject: 'refund', status: 'succeeded', amountMinor: 250, providerStatus: null },
  });
});
