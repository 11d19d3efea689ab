import type { Tooth } from '../src/teeth/tooth';

const DUNNING = 'services/billing/src/domain/dunning.ts';
const DECLINE = 'services/billing/src/domain/decline.ts';

/** What follows a decline. */
export const dunning: readonly Tooth[] = [
  {
    name: 'twice-a-day',
    story: 'After a decline it is tried again on the same day.',
    edits: [
      {
        file: DUNNING,
        find: "return { next: 'retry', at: chargeInstant(addDays(today, 1), rules.time) };",
        replace: `const evening = { ...rules.time, chargeTime: '23:59' };
  return { next: 'retry', at: chargeInstant(today, evening) };`,
      },
    ],
  },
  {
    name: 'seventh-attempt',
    story: 'The last day of grace is counted wrong: a seventh attempt is made on F + 6.',
    edits: [
      {
        file: DUNNING,
        find: 'export const GRACE_DAYS = 5;',
        replace: 'export const GRACE_DAYS = 6;',
      },
    ],
  },
  {
    name: 'a-day-of-grace-less',
    story: 'The last day of grace is counted wrong: customers are terminated on F + 4.',
    edits: [
      {
        file: DUNNING,
        find: 'export const GRACE_DAYS = 5;',
        replace: 'export const GRACE_DAYS = 4;',
      },
    ],
  },
  {
    name: 'grace-from-the-billing-date',
    story: 'Grace runs from the billing date, also while the provider could not be reached at all.',
    edits: [
      {
        file: DECLINE,
        find: 'payment.firstReachedOn ?? moment.today,',
        replace: 'payment.billingDate,',
      },
    ],
  },
  {
    name: 'terminated-while-unresolved',
    story: 'Grace ends by the calendar: terminated while the last charge is still under way.',
    edits: [
      {
        file: 'services/billing/src/domain/resuming.ts',
        find: `
  if (isUnresolved(attempt)) return withPayment(account, leased(payment, attempt, moment));`,
        replace: `
  const isLate = moment.now > addMs(payment.createdAt, 5 * 86_400_000);
  if (isUnresolved(attempt) && isOpen(payment) && isLate) {
    const ended = abandonForCard(account, payment, 'payment_exhausted', moment);
    const dropped = ended.payments.find(({ id }) => id === payment.id) ?? payment;
    return withPayment(ended, leased({ ...dropped, status: 'exhausted' }, attempt, moment));
  }
  if (isUnresolved(attempt)) return withPayment(account, leased(payment, attempt, moment));`,
      },
    ],
  },
  {
    name: 'whole-customer-terminated',
    story: 'Who does not pay for one thing loses everything, also what is paid for.',
    edits: [
      {
        file: DECLINE,
        find: `
  return payment.items
    .filter(({ status }) => status === 'owed')`,
        replace: `
  return account.schedules
    .filter(({ state }) => state === 'live')`,
      },
    ],
  },
];
