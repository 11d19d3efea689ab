import {
  addCall,
  addCharge,
  addRefund,
  alter,
  alterCall,
  alterCharge,
  alterRefund,
  alterTrail,
  both,
  type Fits,
  found,
  inTable,
  type Plant,
  remove,
  repeat,
  shift,
} from './planting';
import type { Planted } from './plants';

const DAY_MS = 86_400_000;
const succeeded = ({ status }: { readonly status?: unknown }) => status === 'succeeded';
const atAurora: Fits = ({ status, provider }) => status === 'succeeded' && provider === 'aurora';
const isCharge = ({ kind, provider }: { kind: string; provider: string }) =>
  kind === 'charge' && provider === 'aurora';
const any = () => true;
const isPayment = ({ entityType }: { readonly entityType?: unknown }) => entityType === 'payment';
const attemptsOf = (facts: Record<string, unknown>) =>
  facts['attempts'] as Record<string, unknown>[];

/** A second charge for the same cycles, by an attempt of its own, as a new key on resend would make. */
const chargedTwice: Plant = both(
  repeat('billing', 'attempts', atAurora, {
    id: 'another',
    reference: 'another',
    number: 2,
    body: '',
  }),
  (record) => {
    const again: Plant = addCharge(succeeded, { id: 'pay_again', merchantReference: 'another' });
    return again(record);
  },
);

export const PLANTS_IN_MONEY: readonly Planted[] = [
  ['money/one-key-one-body', 'a key with another body', addCall(isCharge, { body: '{}' })],
  [
    'money/no-resend-after-key-life',
    'a key that is sent again after a day',
    addCall(isCharge, ({ at }) => ({ at: shift(at, DAY_MS) })),
  ],
  ['money/one-charge-a-reference', 'a second charge', addCharge(succeeded, { id: 'pay_again' })],
  ['money/charged-once', 'a second charge under a new key', chargedTwice],
  [
    'money/every-charge-is-ours',
    'a charge that nobody made',
    addCharge(succeeded, { id: 'pay_x', merchantReference: 'nobody' }),
  ],
  [
    'money/every-charge-is-ours',
    'an attempt that was lost',
    remove('billing', 'attempts', succeeded),
  ],
  [
    'money/outcomes-agree',
    'a charge that is taken for declined',
    alter('billing', 'attempts', succeeded, { status: 'declined' }),
  ],
  ['money/outcomes-agree', 'money that never came', alterCharge(succeeded, { status: 'failed' })],
  [
    'money/outcomes-agree',
    'a charge that is taken for not sent',
    alter('billing', 'attempts', succeeded, { status: 'not_sent' }),
  ],
  ['money/amounts-agree', 'another amount', alterCharge(succeeded, { amount: 1 })],
  ['money/amounts-agree', 'other money', alterCharge(succeeded, { currency: 'JPY' })],
  [
    'money/amounts-agree',
    'an amount that was computed anew',
    alter('billing', 'attempts', succeeded, { amountMinor: 1 }),
  ],
  [
    'money/own-card',
    "somebody else's card",
    alterCharge(succeeded, { paymentMethod: 'pm_nobody' }),
  ],
  ['money/attempts-are-fixed', 'another body', alter('billing', 'attempts', any, { body: '{}' })],
  [
    'money/attempts-are-fixed',
    'an amount that was computed anew on the way',
    alterTrail(
      'billing',
      (entry, facts) => isPayment(entry) && facts['status'] === 'succeeded',
      (facts) => ({
        facts: {
          attempts: attemptsOf(facts).map((one) => ({
            ...one,
            amount: { amountMinor: 1, currency: 'GBP' },
          })),
        },
      }),
    ),
  ],
  [
    'money/one-unresolved',
    'a new attempt beside one that is unknown',
    alterTrail(
      'billing',
      (entry, facts) => isPayment(entry) && attemptsOf(facts).length > 1,
      (facts) => ({
        facts: { attempts: attemptsOf(facts).map((one) => ({ ...one, status: 'unknown' })) },
      }),
    ),
  ],
  [
    'money/outcomes-have-evidence',
    'a success that was known before it was one',
    alterCharge(
      ({ amount, status }) => amount === 1250 && status === 'succeeded',
      ({ createdAt }) => ({
        createdAt: shift(createdAt, DAY_MS),
        updatedAt: shift(createdAt, DAY_MS),
      }),
    ),
  ],
  [
    'money/outcomes-have-evidence',
    'a time-out that was taken for a decline',
    both(alterCharge(({ status }) => status === 'failed', { status: 'succeeded' })),
  ],
  [
    'money/outcomes-have-evidence',
    'an answer that nobody has heard',
    (record) => ({ ...record, calls: record.calls.map((call) => ({ ...call, heard: false })) }),
  ],
  [
    'money/outcomes-have-evidence',
    'an attempt given up as not sent that is at the provider',
    alterTrail(
      'billing',
      (entry, facts) => isPayment(entry) && facts['status'] === 'succeeded',
      (facts, { at }) => ({
        entry: { at: shift(at, DAY_MS) },
        facts: { attempts: attemptsOf(facts).map((one) => ({ ...one, status: 'not_sent' })) },
      }),
    ),
  ],
  [
    'money/trouble-is-shown',
    'money after a decline that nobody is shown',
    alterTrail(
      'billing',
      (entry, facts) => isPayment(entry) && facts['status'] === 'exhausted',
      (facts) => ({
        facts: { attempts: attemptsOf(facts).map((one) => ({ ...one, status: 'succeeded' })) },
      }),
    ),
  ],
  [
    'money/committed-before-sent',
    'a charge that is sent before it is committed',
    alterCall(isCharge, ({ at }) => ({ at: shift(at, -DAY_MS) })),
  ],
  [
    'money/committed-before-sent',
    'another body than was committed',
    alterCall(isCharge, { body: '{}' }),
  ],
  [
    'refunds/one-request-one-refund',
    'a second refund',
    addRefund(({ merchantReference }) => merchantReference !== null, { id: 're_again' }),
  ],
  [
    'refunds/never-more-than-captured',
    'too much given back',
    alterRefund(any, { amount: 1_000_000 }),
  ],
  [
    'refunds/never-more-than-captured',
    'too much in our books',
    alter('billing', 'refunds', any, { amountMinor: 1_000_000 }),
  ],
  [
    'refunds/begun-within-what-is-left',
    'a second whole refund while the first was on its way, which the provider then refused',
    inTable('billing', 'audit_entries', (rows) => {
      const first = found(rows, ({ entityType }) => entityType === 'refund');
      const facts = { ...JSON.parse(String(first['facts'])), origin: 'operator' };
      const taken = { amountMinor: 1_000_000, currency: 'GBP' };
      const second = { ...facts, id: 'second', status: 'pending', amount: taken };
      const position = 1_000_000;
      return [...rows, { ...first, position, entityId: 'second', facts: JSON.stringify(second) }];
    }),
  ],
  [
    'refunds/every-refund-is-known',
    'one of the dashboard that nobody knows',
    addRefund(({ merchantReference }) => merchantReference === null, { id: 're_x' }),
  ],
  ['refunds/every-refund-is-known', 'another sum', alterRefund(any, { amount: 1 })],
  [
    'refunds/agree-with-the-books',
    'a refund that was never made',
    alterRefund(any, { status: 'failed' }),
  ],
  [
    'refunds/agree-with-the-books',
    'one that failed and was made',
    alter('billing', 'refunds', any, { status: 'failed' }),
  ],
  [
    'refunds/by-itself-for-a-reason',
    'a cycle of one who stays that goes back by itself',
    alter('billing', 'refunds', ({ origin }) => origin === 'operator', { origin: 'automatic' }),
  ],
  [
    'refunds/failed-by-evidence',
    'a refund that failed here only',
    alter('billing', 'refunds', ({ origin }) => origin === 'operator', { status: 'failed' }),
  ],
  [
    'refunds/told-is-booked',
    'news of a refund in the dashboard that were thrown away',
    remove('billing', 'refunds', ({ origin }) => origin === 'provider'),
  ],
  [
    'refunds/asked-is-made',
    'one that was forgotten',
    remove('billing', 'refunds', ({ origin }) => origin === 'operator'),
  ],
  [
    'refunds/asked-is-made',
    'one that nobody asked for',
    repeat('billing', 'refunds', ({ origin }) => origin === 'operator', { id: 'again' }),
  ],
  [
    'audit/conservation-of-debt',
    'a cycle of which the amount changed',
    alter('billing', 'cycles', any, { amountMinor: 1 }),
  ],
  [
    'audit/conservation-of-money',
    'a refund that is not in our books',
    remove('billing', 'refunds', ({ origin }) => origin === 'provider'),
  ],
  [
    'audit/conservation-of-money',
    'money that came and was not counted',
    alter('billing', 'cycles', ({ status }) => status === 'paid', { status: 'dropped' }),
  ],
];
