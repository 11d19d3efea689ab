import type { Tooth } from '../src/teeth/tooth';

/** Mails that are not true, or come twice. */
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
        file: 'services/notifications/src/domain/truth.ts',
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
];
