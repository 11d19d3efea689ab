import type { Tooth } from '../src/teeth/tooth';

const TRUTH = 'services/notifications/src/domain/truth.ts';
const LETTER = 'services/notifications/src/domain/letter.ts';
const RENDERING = 'services/notifications/src/domain/rendering.ts';

/** Mails that are not true, do not say all, never come or come twice. */
export const mail: readonly Tooth[] = [
  {
    name: 'receipt-on-sending',
    story:
      'The receipt is written when the charge is sent, before anybody knows what became of it.',
    edits: [
      {
        file: 'services/billing/src/domain/announcements.ts',
        find: `
    case 'succeeded': {
      const paid = payment.items.filter(({ status }) => status === 'paid');`,
        replace: `
    case 'processing':
    case 'succeeded': {
      const paid = payment.items.filter(({ status }) => status !== 'dropped');`,
      },
    ],
  },
  {
    name: 'we-will-try-again',
    story: 'A mail that waited says that we will try again, when it is paid or over.',
    edits: [
      {
        file: TRUTH,
        find: 'const data = declinedNow(entityId, statement.data, known, moment);',
        replace: 'const { data } = statement;',
      },
    ],
  },
  {
    name: 'mail-under-new-key',
    story: 'A mail without an answer is sent again as another one: the customer has it twice.',
    edits: [
      {
        file: 'services/notifications/src/sending/crm.ts',
        find: "'Idempotency-Key': id,",
        replace: "'Idempotency-Key': [id, Math.random()].join(':'),",
      },
    ],
  },
  {
    name: 'decline-never-told',
    story: 'What is to be tried again is taken for over: nobody hears that a payment was declined.',
    edits: [{ file: TRUTH, find: 'if (items.length === 0) return null;', replace: 'return null;' }],
  },
  {
    name: 'next-charge-of-what-ends',
    story: 'A receipt names the next charge although there is none: the end was told meanwhile.',
    edits: [
      {
        file: TRUTH,
        find: 'const isOver = on === null || endsBefore(standings.get(item.subscriptionId), on);',
        replace: 'const isOver = on === null;',
      },
    ],
  },
  {
    name: 'receipt-without-products',
    story: 'A receipt says how much was paid, and not for what, nor what is charged next.',
    edits: [
      {
        file: LETTER,
        find: 'lines: items.map((item) => ',
        replace: 'lines: items.slice(0, 0).map((item) => ',
      },
    ],
  },
  {
    name: 'card-end-on-the-first',
    story: 'The mail about a lost card names the first of the month, not the day of the end.',
    edits: [
      {
        file: LETTER,
        find: 'day(endsOn)}, unless',
        replace: "day((endsOn.slice(0, 8) + '01') as CalendarDate)}, unless",
      },
    ],
  },
  {
    name: 'amount-of-another-product',
    story: 'Two products end by one payment, and both mails name the amount of the first.',
    edits: [
      {
        file: TRUTH,
        find: '(one) => one.paymentId === paymentId && one.subscriptionId === subscriptionId,',
        replace: '(one) => one.paymentId === paymentId,',
      },
    ],
  },
  {
    name: 'page-without-products',
    story: 'The page that most people see lists nothing: only the text does.',
    edits: [
      {
        file: RENDERING,
        find: 'const list = lines.map((line) => `<li>',
        replace: 'const list = lines.slice(0, 0).map((line) => `<li>',
      },
    ],
  },
  {
    name: 'addressed-to-nobody',
    story: 'The name is left out, and every customer is called the same.',
    edits: [
      {
        file: RENDERING,
        find: 'oneLine(fullName(contact))',
        replace: "oneLine(contact.title ?? 'customer')",
      },
    ],
  },
];
