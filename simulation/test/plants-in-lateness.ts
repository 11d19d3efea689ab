import type { Row } from '../src/record';
import { alter, alterCall, alterTrail, type Fits, inTable, shift } from './planting';
import type { Planted } from './plants';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const isPaid: Fits = ({ status }) => status === 'paid';
const any = () => true;
type Facts = Record<string, unknown>;
const isEntry = (type: string, state: string) => (entry: Readonly<Facts>) =>
  entry['entityType'] === type && entry['toState'] === state;
/** Of a payment's attempts, as an audit entry tells them. */
const attemptsWith = (changes: (attempt: Facts) => Facts) => (facts: Facts) => ({
  facts: { attempts: [facts['attempts']].flat().map((one) => changes({ ...Object(one) })) },
});

/** Each entry about a payment is an hour later than it was, after the one before. */
function hourly(entries: readonly Row[]): readonly Row[] {
  const seen = new Map<unknown, number>();
  return entries.map((entry) => {
    const hours = seen.get(entry['entityId']) ?? 0;
    seen.set(entry['entityId'], hours + 1);
    return { ...entry, at: shift(entry['at'], hours * 60 * MINUTE_MS) };
  });
}

export const PLANTS_IN_LATENESS: readonly Planted[] = [
  [
    'lateness/found-in-time',
    'a cycle that is found in the evening',
    alter('billing', 'cycles', isPaid, ({ foundAt }) => ({ foundAt: shift(foundAt, DAY_MS / 2) })),
  ],
  [
    'lateness/found-in-time',
    'a cancellation that takes effect minutes late',
    alter(
      'billing',
      'schedules',
      ({ endCause }) => endCause === 'cancellation_due',
      ({ endedAt }) => ({ endedAt: shift(endedAt, 5 * MINUTE_MS) }),
    ),
  ],
  [
    'lateness/longest-due-first',
    'a cycle that is passed over for more than a day',
    inTable('billing', 'cycles', (rows) =>
      rows.map((row) => ({ ...row, foundAt: shift(row['foundAt'], 1.5 * DAY_MS) })),
    ),
  ],
  [
    'lateness/longest-due-first',
    'another attempt that is passed over for more than a day',
    alterTrail(
      'billing',
      (entry, facts) =>
        isEntry('payment', 'processing')(entry) && [facts['attempts']].flat().length > 1,
      (_, { at }) => ({ entry: { at: shift(at, 1.5 * DAY_MS) } }),
    ),
  ],
  [
    'lateness/rarely-late',
    'a run that comes by the hour',
    inTable('billing', 'audit_entries', hourly),
  ],
  [
    'lateness/charged-in-time',
    'a cycle that lies there before it is in a payment',
    alter('billing', 'payments', any, ({ createdAt }) => ({
      createdAt: shift(createdAt, 5 * MINUTE_MS),
    })),
  ],
  [
    'lateness/charged-in-time',
    'a charge that is sent minutes after it was decided on',
    alterCall(
      ({ kind }) => kind === 'charge',
      ({ at }) => ({ at: shift(at, 5 * MINUTE_MS) }),
    ),
  ],
  [
    'lateness/steps-are-taken',
    'another attempt that is made an hour late',
    alterTrail(
      'billing',
      (entry, facts) =>
        isEntry('payment', 'processing')(entry) && [facts['attempts']].flat().length > 1,
      (_, { at }) => ({ entry: { at: shift(at, 60 * MINUTE_MS) } }),
    ),
  ],
  [
    'lateness/steps-are-taken',
    'a refund that nobody sends',
    alterTrail('billing', isEntry('refund', 'pending'), (_, { at }) => ({
      entry: { at: shift(at, -5 * MINUTE_MS) },
      facts: { nextActionAt: shift(at, -5 * MINUTE_MS) },
    })),
  ],
  [
    'lateness/steps-are-near',
    'a call that is left alone for days',
    alterTrail(
      'billing',
      isEntry('payment', 'processing'),
      attemptsWith(({ nextActionAt, ...rest }) => ({
        ...rest,
        nextActionAt: shift(nextActionAt, 3 * DAY_MS),
      })),
    ),
  ],
  [
    'lateness/steps-are-near',
    'an unknown outcome that is asked about after hours first',
    alterTrail(
      'billing',
      isEntry('payment', 'processing'),
      attemptsWith(({ nextActionAt, ...rest }) => ({
        ...{ ...rest, status: 'unknown' },
        nextActionAt: shift(nextActionAt, DAY_MS / 4),
      })),
    ),
  ],
  [
    'lateness/steps-are-near',
    'another attempt on the day after tomorrow',
    alterTrail('billing', isEntry('payment', 'retrying'), ({ nextAttemptAt }) => ({
      facts: { nextAttemptAt: shift(nextAttemptAt, DAY_MS) },
    })),
  ],
  [
    'lateness/steps-are-near',
    'a refund that is put off for days',
    alterTrail('billing', isEntry('refund', 'pending'), ({ nextActionAt }) => ({
      facts: { nextActionAt: shift(nextActionAt, DAY_MS) },
    })),
  ],
  [
    'evidence/told-after-a-day',
    'one that was open for days, and nobody knew',
    alterTrail(
      'billing',
      (entry, { attempts }) =>
        isEntry('payment', 'processing')(entry) &&
        [attempts].flat().some((one) => Object(one).status === 'pending'),
      attemptsWith(({ startedAt, ...rest }) => ({
        ...rest,
        startedAt: shift(startedAt, -2 * DAY_MS),
      })),
    ),
  ],
  [
    'evidence/told-after-a-day',
    'one that is called unknown when it is not',
    inTable('billing', 'discrepancies', (rows) => [
      ...rows,
      {
        ...{
          id: 'd',
          kind: 'unknown_outcome',
          state: 'open',
          paymentId: null,
          about: 'an attempt',
        },
        ...{ details: '{}', openedAt: '2026-02-10T06:00:00.000Z' },
      },
    ]),
  ],
];
