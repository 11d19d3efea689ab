import type { Tooth } from '../src/teeth/tooth';

const SCHEDULE = 'services/billing/src/domain/schedule.ts';

/** Charges that must not be made any more, and ends that must be told. */
export const cardsAndEnds: readonly Tooth[] = [
  {
    name: 'lost-card-charged',
    story: 'That a card is lost is written down, and nobody looks at it before the next charge.',
    edits: [
      {
        file: 'services/billing/src/domain/card.ts',
        find: 'return paymentMethod?.unavailable ? END_BY[paymentMethod.unavailable] : null;',
        replace: 'return null;',
      },
    ],
  },
  {
    name: 'lost-card-charged-in-grace',
    story: 'Only new payments ask whether the card is lost: retries go on with it.',
    edits: [
      {
        file: 'services/billing/src/domain/charging.ts',
        find: 'return end ? abandonForCard(account, left, end, moment) : start(account, left, moment);',
        replace: 'return start(account, left, moment);',
      },
    ],
  },
  {
    name: 'lost-card-not-remembered',
    story: 'A card that is lost before anybody here pays with it is forgotten, and charged.',
    edits: [
      {
        file: 'services/billing/src/handlers/card-unavailable.ts',
        find: 'await markUnavailable(firstOfEach(fresh), moment.now, tx);',
        replace: '',
      },
    ],
  },
  {
    name: 'charged-on-the-day-of-the-end',
    story:
      'A cancellation at the next date counts from the day after: that date is charged once more.',
    edits: [
      {
        file: 'services/billing/src/domain/due-cycles.ts',
        find: 'cancellation.on <= nextBillingDate(schedule)',
        replace: 'cancellation.on < nextBillingDate(schedule)',
      },
      {
        file: SCHEDULE,
        find: 'cancellation.on <= date',
        replace: 'cancellation.on < date',
      },
    ],
  },
  {
    name: 'crossed-cancellation-kept',
    story: 'A charge that crosses its cancellation on the way is kept.',
    edits: [
      {
        file: 'services/billing/src/domain/success.ts',
        find: `
  const [attempt] = captures(payment);
  if (!attempt) return matter.account;`,
        replace: `
  const [attempt] = captures(payment);
  if (!attempt || payment.items.length > 0) return matter.account;`,
      },
    ],
  },
  {
    name: 'next-date-ends-at-once',
    story: 'Whoever cancels at the next date loses at once what is paid for.',
    edits: [
      {
        file: 'services/subscriptions/src/routes/cancellation.ts',
        find: "request.body.when === 'now'",
        replace: "request.body.when.endsWith('')",
      },
    ],
  },
  {
    name: 'lost-card-ends-at-once',
    story: 'A lost card ends what is paid for, not at the next date.',
    edits: [
      {
        file: 'services/subscriptions/src/handlers/card-unavailable.ts',
        find: 'const rule = (live: Live) => cardBecameUnavailable(live, card, moment);',
        replace: `const rule = ({ request, card: _, payment, ...live }: Live) =>
    ({ ...live, status: 'cancelled', endReason: 'card_' + card.cause, endedAt: moment.now });`,
      },
    ],
  },
  {
    name: 'late-word-of-an-end-lost',
    story: 'Word of a cancellation that comes after the end is thrown away: the charge is kept.',
    edits: [
      {
        file: 'services/billing/src/domain/cancellation.ts',
        find: 'if (notice.version <= schedule.noticeVersion) return account;',
        replace:
          "if (notice.version <= schedule.noticeVersion || schedule.state === 'ended') return account;",
      },
    ],
  },
  {
    name: 'end-by-a-later-card',
    story: 'An end is given the reason that is there when it is heard of: a card lost after it.',
    edits: [
      {
        file: 'services/subscriptions/src/domain/end.ts',
        find: 'scheduled !== null && scheduled.on <= then.today;',
        replace: 'scheduled !== null;',
      },
    ],
  },
  {
    name: 'erased-in-grace-charged',
    story: 'Erasing a customer stops new charges only: what is in dunning is still collected.',
    edits: [
      {
        file: SCHEDULE,
        find: "(schedule.end.cause === 'customer_request' || schedule.end.cause === 'customer_erased')",
        replace: "schedule.end.cause === 'customer_request'",
      },
    ],
  },
  {
    name: 'end-not-told',
    story: 'billing ends a cancelled subscription and tells nobody: elsewhere it goes on for ever.',
    edits: [
      {
        file: 'services/billing/src/domain/announcements.ts',
        find: "  cancellation_due: 'cancellation_due',",
        replace: '  cancellation_due: null,',
      },
    ],
  },
];
