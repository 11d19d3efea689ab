import { addMs, parseInstant } from '@perennial/calendar';
import { attempt as made } from '../../test/one-attempt';
import { compareCharge, missingCharge, strangeCharge } from './charge-comparison';
import type { ChargeEvidence } from './evidence';
import type { Attempt } from './payment';
import type { TheirCharge } from './reconciliation';

const now = parseInstant('2026-01-06T09:00:00Z');
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

const SAID: Record<string, ChargeEvidence> = {
  succeeded: { outcome: 'succeeded', providerReference: 'pay_1' },
  declined: { outcome: 'declined', reason: 'unknown', rawReason: null, providerReference: 'pay_1' },
  pending: { outcome: 'pending', providerReference: 'pay_1' },
  unknown: { outcome: 'unknown', detail: 'U' },
};

function ours(status: Attempt['status'], more: Partial<Attempt> = {}) {
  const nextActionAt = status === 'succeeded' || status === 'declined' ? null : now;
  const providerReference = status === 'unknown' || status === 'created' ? null : 'pay_1';
  const attempt = { ...made, providerReference, ...more, status, nextActionAt };
  return { attempt: { ...attempt, ...more }, paymentId: 'payment', customerId: 'customer' };
}

function theirs(said: string, more: Partial<TheirCharge> = {}): TheirCharge {
  const evidence = SAID[said];
  if (!evidence) throw new Error(said);
  const { reference } = made;
  return { providerReference: 'pay_1', reference, amount: gbp(1250), evidence, ...more };
}

const told = (mine: ReturnType<typeof ours>, all: readonly TheirCharge[], asked = false) => {
  const result = compareCharge(mine, all, now, { asked });
  const found = result.findings.map(({ kind, about }) => `${kind} ${about}`);
  return [
    ...(result.met ? ['met'] : ['not met']),
    ...found,
    ...(result.told ? [`settled as ${result.told.evidence.outcome}`] : []),
    ...(result.inDoubt ? ['asks first'] : []),
  ];
};

// biome-ignore format: a table
const STATUSES: [Attempt['status'], string, string[]][] = [
  ['succeeded', 'succeeded', ['met']],
  ['succeeded', 'declined',  ['met', 'status_differs attempt:succeeded:declined']],
  ['succeeded', 'pending',   ['met', 'asks first']],
  ['succeeded', 'unknown',   ['met', 'asks first']],
  ['declined',  'succeeded', ['met', 'status_differs attempt:declined:succeeded']],
  ['declined',  'declined',  ['met']],
  ['declined',  'pending',   ['met', 'asks first']],
  ['declined',  'unknown',   ['met', 'asks first']],
  ['pending',   'succeeded', ['met', 'settled as succeeded']],
  ['pending',   'declined',  ['met', 'settled as declined']],
  ['pending',   'pending',   ['met']],
  ['pending',   'unknown',   ['met']],
  ['unknown',   'succeeded', ['met', 'settled as succeeded']],
  ['unknown',   'declined',  ['met', 'settled as declined']],
  ['unknown',   'pending',   ['met', 'settled as pending']],
  ['unknown',   'unknown',   ['met']],
  ['created',   'succeeded', ['met', 'settled as succeeded']],
  ['created',   'declined',  ['met', 'settled as declined']],
  ['created',   'pending',   ['met', 'settled as pending']],
  ['not_sent',  'succeeded', ['met', 'settled as succeeded']],
  ['not_sent',  'declined',  ['met', 'settled as declined']],
  ['not_sent',  'pending',   ['met', 'settled as pending']],
];
test.each(STATUSES)('one that is %s here and %s there: %j', (here, there, expected) => {
  expect(told(ours(here), [theirs(there)])).toEqual(expected);
});

// biome-ignore format: a table
test.each<[Attempt['status'], string, string[]]>([
  ['succeeded', 'pending', ['met', 'status_differs attempt:succeeded:pending']],
  ['succeeded', 'unknown', ['met', 'status_differs attempt:succeeded:unknown']],
  ['declined',  'pending', ['met', 'status_differs attempt:declined:pending']],
  ['pending',   'unknown', ['met']],
])('one that is %s here and, when asked, still %s there: %j', (here, there, expected) => {
  expect(told(ours(here), [theirs(there)], true)).toEqual(expected);
});

// biome-ignore format: a table
test.each<[string, Attempt['status'], string, Partial<TheirCharge>, string[]]>([
  ['a penny more was taken',    'succeeded', 'succeeded', { amount: gbp(1251) }, ['met', 'amount_differs attempt']],
  ['a penny less was taken',    'succeeded', 'succeeded', { amount: gbp(1249) }, ['met', 'amount_differs attempt']],
  ['other money was taken',     'succeeded', 'succeeded', { amount: { amountMinor: 1250, currency: 'EUR' } }, ['met', 'currency_differs attempt']],
  ['other money and sum',       'succeeded', 'succeeded', { amount: { amountMinor: 1, currency: 'EUR' } }, ['met', 'currency_differs attempt']],
  ['it is settled all the same','unknown',   'succeeded', { amount: gbp(1) }, ['met', 'amount_differs attempt', 'settled as succeeded']],
  ['it is still on its way',    'pending',   'pending',   { amount: gbp(1) }, ['met', 'amount_differs attempt']],
  ['no money moved',            'declined',  'declined',  { amount: gbp(1) }, ['met']],
  ['only they took it',         'declined',  'succeeded', { amount: gbp(1) }, ['met', 'status_differs attempt:declined:succeeded']],
])('of the sum: %s', (_, here, there, more, expected) => {
  expect(told(ours(here), [theirs(there, more)])).toEqual(expected);
});

const other = { providerReference: 'pay_2' };
// biome-ignore format: a table
test.each<[string, Attempt['status'], TheirCharge[], string[]]>([
  ['both took money',                    'succeeded', [theirs('succeeded'), theirs('succeeded', other)], ['met', 'duplicate_charge aurora:pay_2']],
  ['in whichever order they are shown',  'succeeded', [theirs('succeeded', other), theirs('succeeded')], ['met', 'duplicate_charge aurora:pay_2']],
  ['only the other is shown yet',        'succeeded', [theirs('succeeded', other)],                      ['not met', 'duplicate_charge aurora:pay_2']],
  ['the other may still take it',        'succeeded', [theirs('succeeded'), theirs('pending', other)],   ['met', 'duplicate_charge aurora:pay_2']],
  ['the other was declined',             'succeeded', [theirs('succeeded'), theirs('declined', other)],  ['met']],
  ['two, of which we know nothing',      'unknown',   [theirs('succeeded'), theirs('succeeded', other)], ['met', 'duplicate_charge aurora:pay_2', 'settled as succeeded']],
  ['the success counts, not the first',  'unknown',   [theirs('declined', other), theirs('succeeded')],  ['met', 'settled as succeeded']],
  ['ours was declined, the other took it', 'declined', [theirs('declined'), theirs('succeeded', other)], ['met', 'status_differs attempt:declined:succeeded']],
  ['ours is open, the other took it',    'pending',   [theirs('pending'), theirs('succeeded', other)],   ['met', 'settled as succeeded']],
  ['ours is open, the other was declined', 'pending', [theirs('declined', other)],                       ['not met']],
])('two charges under one reference: %s', (_, here, all, expected) => {
  expect(told(ours(here), all)).toEqual(expected);
});

test.each([
  ['its answer is awaited', addMs(now, 1), ['met']],
  ['its answer is overdue', now, ['met', 'settled as succeeded']],
])('one that is just being sent, and %s', (_, nextActionAt, expected) => {
  expect(told(ours('created', { nextActionAt }), [theirs('succeeded')])).toEqual(expected);
});

test.each([
  ['succeeded', ['missing_here']],
  ['pending', ['missing_here']],
  ['unknown', ['missing_here']],
  ['declined', []],
])('one that nobody here knows, %s there: %j', (there, expected) => {
  expect(strangeCharge('aurora', theirs(there)).map(({ kind }) => kind)).toEqual(expected);
});

test('a difference says what each side has, by both names', () => {
  const { findings } = compareCharge(
    ours('declined'),
    [theirs('succeeded', { amount: { amountMinor: 1, currency: 'EUR' } })],
    now,
    { asked: false },
  );
  expect(findings).toEqual([
    {
      kind: 'status_differs',
      about: 'attempt:declined:succeeded',
      paymentId: 'payment',
      details: {
        ...{ subject: 'charge', reference: made.reference, providerReference: 'pay_1' },
        ...{ status: 'declined', amountMinor: 1250, currency: 'GBP' },
        ...{ providerStatus: 'succeeded', providerAmountMinor: 1, providerCurrency: 'EUR' },
      },
    },
  ]);
});

test('what only one side has says nothing of the other', () => {
  const nothing = { status: null, amountMinor: null, currency: null };
  const reference = 'somebody else’s';
  expect(strangeCharge('aurora', theirs('succeeded', { reference }))).toEqual([
    {
      ...{ kind: 'missing_here', about: 'aurora:pay_1', paymentId: null },
      details: {
        ...{ subject: 'charge', reference, providerReference: 'pay_1', ...nothing },
        ...{ providerStatus: 'succeeded', providerAmountMinor: 1250, providerCurrency: 'GBP' },
      },
    },
  ]);
  expect(missingCharge(ours('succeeded'))).toMatchObject({
    ...{ kind: 'missing_there', about: 'attempt', paymentId: 'payment' },
    details: { status: 'succeeded', providerStatus: null, providerAmountMinor: null },
  });
});

test('a name that is longer than the table allows is cut', () => {
  const providerReference = 'p'.repeat(1000);
  const [found] = strangeCharge('a'.repeat(32), theirs('succeeded', { providerReference }));
  expect(found?.about).toHaveLength(255);
});
