import type { CarriedMessage, Mail } from '../src/record';
import {
  alter,
  type Fits,
  found,
  inTable,
  type Plant,
  remove,
  repeat,
  replaced,
  shift,
} from './planting';
import type { Planted } from './plants';

const DAY_MS = 86_400_000;
const ofKind =
  (kind: string) =>
  ({ template }: Mail) =>
    template === kind;
const rowOf =
  (wanted: string): Fits =>
  ({ kind }) =>
    kind === wanted;

function alterMail(fits: (mail: Mail) => boolean, changes: (mail: Mail) => Partial<Mail>): Plant {
  return (record) => ({ ...record, mails: replaced(record.mails, fits, changes) });
}

const aDayEarly = ({ at }: Mail) => ({ at: shift(at, -DAY_MS) });

function alterMessages(
  change: (messages: readonly CarriedMessage[]) => readonly CarriedMessage[],
): Plant {
  return (record) => ({ ...record, messages: change(record.messages ?? []) });
}

const isAbout =
  (type: string) =>
  ({ body }: CarriedMessage) =>
    body.includes(`"type":"${type}"`);

function reworded(type: string, from: string | RegExp, to: string): Plant {
  return alterMessages((messages) => [
    ...messages,
    ...[found(messages, isAbout(type))].map((one) => ({
      ...one,
      body: one.body.replace(from, to),
    })),
  ]);
}

const ID = /"id":"[0-9a-f]{8}/;

export const PLANTS_IN_TELLING: readonly Planted[] = [
  [
    'mails/once',
    'a receipt that goes out twice',
    (record) => {
      const mail = found(record.mails, ofKind('payment_receipt'));
      const again = { ...mail, key: 'again' };
      return repeat('notifications', 'mails', ({ id }) => id === mail.key, { id: 'again' })({
        ...record,
        mails: [...record.mails, again],
      });
    },
  ],
  [
    'mails/once',
    'one that is called sent and is not',
    repeat('notifications', 'mails', rowOf('payment_receipt'), { id: 'again' }),
  ],
  [
    'mails/to-the-customer',
    "a mail to somebody else's address",
    alterMail(ofKind('refund_receipt'), () => ({ to: 'somebody@example.org' })),
  ],
  [
    'mails/true-when-sent',
    'a receipt that ends what goes on',
    alterMail(ofKind('payment_receipt'), ({ text }) => ({
      text: text.replace(/next charge on .*/, 'nothing more will be charged'),
    })),
  ],
  [
    'mails/true-when-sent',
    'a receipt before the money is there',
    alterMail(ofKind('payment_receipt'), aDayEarly),
  ],
  [
    'mails/true-when-sent',
    'a receipt over another sum',
    alterMail(ofKind('payment_receipt'), () => ({ subject: 'Your receipt for 1.00 GBP' })),
  ],
  [
    'mails/true-when-sent',
    'a receipt with another next date',
    alterMail(ofKind('payment_receipt'), ({ text }) => ({
      text: text.replace(/next charge on \d+/, 'next charge on 33'),
    })),
  ],
  [
    'mails/true-when-sent',
    'a decline before the charge',
    alterMail(ofKind('payment_declined'), aDayEarly),
  ],
  [
    'mails/true-when-sent',
    'a try that is past already',
    alterMail(ofKind('payment_declined'), ({ at }) => ({ at: shift(at, 2 * DAY_MS) })),
  ],
  [
    'mails/true-when-sent',
    'an end that is not there',
    alterMail(ofKind('subscription_terminated'), aDayEarly),
  ],
  [
    'mails/true-when-sent',
    'a card that is still good',
    alterMail(ofKind('card_unavailable'), aDayEarly),
  ],
  [
    'mails/true-when-sent',
    'a refund that is not made',
    alterMail(ofKind('refund_receipt'), aDayEarly),
  ],
  ...[
    'payment_receipt',
    'payment_declined',
    'subscription_terminated',
    'refund_receipt',
    'card_unavailable',
  ].map(
    (kind): Planted => [
      'mails/none-missing',
      `a missing ${kind}`,
      remove('notifications', 'mails', rowOf(kind)),
    ],
  ),
  [
    'mails/none-missing',
    'a receipt that was dropped',
    alter('notifications', 'mails', rowOf('payment_receipt'), { status: 'dropped' }),
  ],
  [
    'messages/valid',
    'a field that no contract names',
    reworded('billing.payment-succeeded.v1', '"provider":', '"email":"a@b.org","provider":'),
  ],
  [
    'messages/valid',
    'a message that is another the second time',
    reworded('billing.payment-succeeded.v1', /"succeededAt":"2026-\d\d/, '"succeededAt":"2026-07'),
  ],
  [
    'messages/told-is-true',
    'the same told in two messages',
    reworded('billing.payment-succeeded.v1', ID, '"id":"ffffffff'),
  ],
  [
    'messages/told-is-true',
    'a message of what was rolled back',
    remove(
      'billing',
      'audit_entries',
      ({ entityType, toState }) => entityType === 'payment' && toState === 'succeeded',
    ),
  ],
  [
    'messages/committed-is-told',
    'a payment that nobody was told of',
    alterMessages((messages) => {
      const lost = found(messages, isAbout('billing.payment-succeeded.v1'));
      return messages.filter((one) => one !== lost);
    }),
  ],
  [
    'messages/committed-is-told',
    'an end that nobody was told of',
    alterMessages((messages) =>
      messages.filter((one) => !isAbout('subscriptions.subscription-ended.v1')(one)),
    ),
  ],
  [
    'messages/acknowledged-is-told',
    'an event that was taken and dropped',
    (record) => ({
      ...record,
      acknowledged: [
        ...record.acknowledged,
        { provider: 'aurora', at: record.now, eventIds: ['evt_dropped'] },
      ],
    }),
  ],
  [
    'messages/acknowledged-is-told',
    'an event that was taken for one that is known already',
    alterMessages((messages) =>
      messages.filter((one) => !isAbout('provider.card-unavailable.v1')(one)),
    ),
  ],
  [
    'messages/accounted-for',
    'a message that was lost',
    inTable('billing', 'inbox', (rows) => rows.slice(0, -1)),
  ],
  [
    'messages/accounted-for',
    'a message that nobody sent',
    inTable('notifications', 'inbox', (rows) => [...rows, { messageId: 'nobody' }]),
  ],
];
