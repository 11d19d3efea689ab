import type { Tooth } from '../src/teeth/tooth';

const RESUMING = 'services/billing/src/domain/resuming.ts';
const SETTLEMENT = 'services/billing/src/domain/settlement.ts';
const UNSETTLED = 'services/billing/src/domain/unsettled.ts';

const resumeUnresolved = `
  if (isUnresolved(attempt)) return withPayment(account, leased(payment, attempt, moment));`;
const weighTheRest = `
    default:
      return carryOn(matter, evidence);`;

/** What is made of a charge whose answer never came. */
export const unknownOutcomes: readonly Tooth[] = [
  {
    name: 'unknown-sent-under-new-key',
    story: 'A charge without an answer is sent again under a fresh idempotency key: taken twice.',
    edits: [
      {
        file: RESUMING,
        find: resumeUnresolved,
        replace: `
  if (attempt.status === 'unknown') {
    const another = { ...attempt, idempotencyKey: moment.newId() };
    return withPayment(account, resent(payment, another, moment));
  }${resumeUnresolved}`,
      },
    ],
  },
  {
    name: 'crash-tried-anew',
    story:
      'After a restart a charge that was under way is thought never sent: a new payment is made.',
    edits: [
      {
        file: RESUMING,
        find: resumeUnresolved,
        replace: `
  if (attempt.status === 'created' && isOpen(payment)) {
    const given = withAttempt(payment, { ...attempt, status: 'not_sent', nextActionAt: null });
    return withPayment(account, { ...given, status: 'scheduled', nextAttemptAt: moment.now });
  }${resumeUnresolved}`,
      },
    ],
  },
  {
    name: 'timeout-is-decline',
    story: 'A time-out counts as a decline: what was captured is charged again the next day.',
    edits: [
      {
        file: SETTLEMENT,
        find: weighTheRest,
        replace: `
    case 'unknown':
      if (by === 'response' && evidence.detail === 'timed out') {
        const said = { reason: 'unknown', rawReason: null, providerReference: null } as const;
        return decline(matter, { outcome: 'declined', ...said });
      }
      return carryOn(matter, evidence);${weighTheRest}`,
      },
    ],
  },
  {
    name: 'lost-connection-tried-anew',
    story:
      'A connection that breaks after the request counts as not sent: a new attempt is made at once.',
    edits: [
      {
        file: UNSETTLED,
        find: `
    case 'unknown':
      return unknown(matter);`,
        replace: `
    case 'unknown':
      if (by === 'response' && evidence.detail === 'connection lost') {
        const given = { ...matter.attempt, status: 'not_sent', nextActionAt: null } as const;
        return resting(matter, given, matter.moment.now);
      }
      return unknown(matter);`,
      },
    ],
  },
  {
    name: 'not-found-believed-at-once',
    story:
      '“Not found” is believed before the provider’s lag is over: charged while the first is on its way.',
    edits: [
      {
        file: UNSETTLED,
        find: `
  if (attempt.status === 'pending' || early) return unknown(matter);
  const next = { ...attempt, status: 'not_sent', enquiries: enquiriesAfter(matter) } as const;`,
        replace: `
  if (attempt.status === 'pending') return unknown(matter);
  const next = { ...attempt, status: 'not_sent', enquiries: enquiriesAfter(matter) } as const;
  if (early) return resting(matter, { ...next, nextActionAt: null }, moment.now);`,
      },
    ],
  },
  {
    name: 'pending-given-up',
    story:
      'A charge that stays pending for a day counts as declined, although the bank still takes it.',
    edits: [
      {
        file: SETTLEMENT,
        find: weighTheRest,
        replace: `
    case 'pending':
      if (by === 'enquiry' && Date.parse(moment.now) - Date.parse(attempt.startedAt) > 86_400_000) {
        const said = { reason: 'unknown', rawReason: null, providerReference: null } as const;
        return decline(matter, { outcome: 'declined', ...said });
      }
      return carryOn(matter, evidence);${weighTheRest}`,
      },
    ],
  },
  {
    name: 'outage-is-decline',
    story: 'A day on which the provider cannot be reached counts as a decline, and uses up grace.',
    edits: [
      {
        file: SETTLEMENT,
        find: weighTheRest,
        replace: `
    case 'not_sent':
      if (by === 'response') {
        const said = { reason: 'processing_error', rawReason: null, providerReference: null } as const;
        return decline(matter, { outcome: 'declined', ...said });
      }
      return carryOn(matter, evidence);${weighTheRest}`,
      },
    ],
  },
  {
    name: 'asked-about-every-six-hours',
    story:
      'The ladder has one rung: a time-out is asked about six hours later, and the customer waits.',
    edits: [
      {
        file: 'services/billing/src/domain/delays.ts',
        find: 'const ENQUIRIES = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR];',
        replace: 'const ENQUIRIES = [6 * HOUR];',
      },
    ],
  },
  {
    name: 'unknown-and-untold',
    story: 'What became of a charge stays unknown for days, and no operator ever hears of it.',
    edits: [
      {
        file: UNSETTLED,
        find: 'return isLong(attempt.startedAt, moment.now)',
        replace: 'return false',
      },
    ],
  },
  {
    name: 'told-after-an-hour',
    story:
      'An operator is told of each outage’s every charge within the hour, and soon reads none of it.',
    edits: [
      {
        file: 'services/billing/src/domain/delays.ts',
        find: 'return addMs(madeAt, DAY_MS) <= now;',
        replace: 'return addMs(madeAt, HOUR) <= now;',
      },
    ],
  },
];
