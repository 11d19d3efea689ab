import type { Tooth } from '../src/teeth/tooth';

const DUE_CYCLES = 'services/billing/src/domain/due-cycles.ts';
const SCHEDULE = 'services/billing/src/domain/schedule.ts';
const NEXT_CHARGE = 'return chargeInstant(nextBillingDate(schedule), time);';
const CHARGING = 'services/billing/src/domain/charging.ts';

/** Which cycles are owed, when, and how much. */
export const becomingDue: readonly Tooth[] = [
  {
    name: 'date-from-the-last-one',
    story:
      'Each date is counted from the one before: after 31 January and 28 February comes 28 March.',
    edits: [
      {
        file: 'packages/calendar/src/schedule.ts',
        find: 'return addMonths(anchorDate, cycle * MONTHS[interval]);',
        replace: `let date = anchorDate;
  for (let n = 0; n < cycle; n += 1) date = addMonths(date, MONTHS[interval]);
  return date;`,
      },
    ],
  },
  {
    name: 'date-in-utc',
    story:
      'The day is that of UTC: who buys after midnight in London’s summer is billed a day early.',
    edits: [
      {
        file: 'packages/calendar/src/local-time.ts',
        find: 'return wallClock(msOf(instant), zone).slice(0, 10) as CalendarDate;',
        replace: 'return instant.slice(0, 10) as CalendarDate;',
      },
    ],
  },
  {
    name: 'only-todays-dates',
    story:
      'Due means “today” and not “until today”: a day on which nothing ran is never collected.',
    edits: [
      {
        file: DUE_CYCLES,
        find: '    next = addCycle(next, schedule, moment);',
        replace: `    const isToday = nextBillingDate(schedule) === moment.today;
    if (isToday) next = addCycle(next, schedule, moment);`,
      },
    ],
  },
  {
    name: 'only-this-very-moment',
    story:
      'The run looks with = instead of <=: an account that it misses by a moment is never found.',
    edits: [
      {
        file: 'services/billing/src/store/due-accounts.ts',
        find: 'due_at <= :now',
        replace: 'due_at = :now',
      },
    ],
  },
  {
    name: 'late-cycle-waived',
    story: 'Catching up waives a cycle that is a few days late, and was owed.',
    edits: [
      {
        file: DUE_CYCLES,
        find: 'daysLate > moment.rules.catchUpMaxDays',
        replace: 'daysLate > 1',
      },
    ],
  },
  {
    name: 'old-cycles-charged',
    story: 'Catching up knows no limit: after a long standstill old charges come in a burst.',
    edits: [
      {
        file: DUE_CYCLES,
        find: 'daysLate > moment.rules.catchUpMaxDays && !behindOpenPayment',
        replace: 'daysLate > 10_000 && !behindOpenPayment',
      },
    ],
  },
  {
    name: 'quantity-ignored',
    story: 'The price of one is charged, however many were bought.',
    edits: [
      {
        file: 'services/billing/src/handlers/subscription-started.ts',
        find: 'amountMinor: price.amountMinor * quantity',
        replace: 'amountMinor: price.amountMinor',
      },
    ],
  },
  {
    name: 'currencies-added',
    story: 'What is due on one day is added up without a look at the currency.',
    edits: [
      {
        file: CHARGING,
        find: `\${cycle.billingDate} \${cycle.amount.currency}`,
        replace: `\${cycle.billingDate}`,
      },
    ],
  },
  {
    name: 'dates-charged-together',
    story:
      'What was missed is charged with what is due, in one payment, without a date of its own.',
    edits: [
      {
        file: CHARGING,
        find: `\${cycle.billingDate} \${cycle.amount.currency}`,
        replace: `\${cycle.amount.currency}`,
      },
    ],
  },
  {
    name: 'charged-in-the-evening',
    story:
      'The hour at which charges fall due is read from nowhere: what is due at six waits until ten.',
    edits: [
      {
        file: SCHEDULE,
        find: NEXT_CHARGE,
        replace:
          "return chargeInstant(nextBillingDate(schedule), { ...time, chargeTime: '22:00' });",
      },
    ],
  },
  {
    name: 'each-in-its-own-second',
    story:
      'Charges are spread over a minute, each subscription by itself: what is due together is paid for twice.',
    edits: [
      {
        file: SCHEDULE,
        find: NEXT_CHARGE,
        replace: `const spreadMs = Number.parseInt(schedule.subscriptionId.slice(-4), 16);
  return addMs(chargeInstant(nextBillingDate(schedule), time), spreadMs);`,
      },
      {
        file: SCHEDULE,
        find: 'import {\n  type BillingTime,',
        replace: 'import {\n  addMs,\n  type BillingTime,',
      },
    ],
  },
];
