import type { Mail, RunRecord } from '../src/record';
import { alter, type Fits, found, type Plant, remove, repeat, replaced, shift } from './planting';
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

function reworded(
  kind: string,
  part: 'subject' | 'text' | 'html',
  from: string | RegExp,
  to: string,
): Plant {
  return alterMail(
    (mail) => mail.template === kind && mail[part].search(from) >= 0,
    (mail) => ({ [part]: mail[part].replace(from, to) }),
  );
}

const untrue = (
  fault: string,
  kind: string,
  part: 'subject' | 'text',
  from: string | RegExp,
  to: string,
): Planted => ['mails/true-when-sent', fault, reworded(kind, part, from, to)];

/** Before that receipt everybody had heard that its subscription has ended. */
function endedBefore(record: RunRecord): RunRecord {
  const mail = found(record.mails, ofKind('payment_receipt'));
  const at = shift(mail.at, -DAY_MS);
  const ended = found(
    record.deeds,
    (deed) => deed.kind === 'subscribed' && mail.to.startsWith(`person${deed.person}@`),
  );
  const id = 'ffffffff-ffff-7fff-8fff-ffffffffffff';
  const body = JSON.stringify({
    ...JSON.parse(found(record.messages ?? [], () => true).body),
    ...{ id, type: 'subscriptions.subscription-ended.v1', aggregateversion: 99 },
    subject: 'subscriptionId' in ended ? ended.subscriptionId : '',
  });
  return {
    ...record,
    messages: [...(record.messages ?? []), { at, from: 'subscriptions', body }],
    taken: [...record.taken, { at, by: 'notifications', id }],
  };
}

export const PLANTS_IN_MAILS: readonly Planted[] = [
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
    'mails/none-missing',
    'a decline that was not told, though it was tried again a day later',
    alter('notifications', 'mails', rowOf('payment_declined'), { status: 'dropped', attempts: 0 }),
  ],
  [
    'mails/none-missing',
    'a decline that was given up after one try, though the payment was tried again a day later',
    alter('notifications', 'mails', rowOf('payment_declined'), { status: 'dropped', attempts: 1 }),
  ],
  [
    'mails/to-the-customer',
    'a mail that calls its reader by another name',
    reworded('payment_receipt', 'text', /Dear .*,/, 'Dear Somebody Else,'),
  ],
  [
    'mails/both-forms-agree',
    'another amount on the page',
    reworded('refund_receipt', 'html', /returned [0-9]+/, 'returned 99'),
  ],
  [
    'mails/both-forms-agree',
    'another date on the page',
    reworded('payment_receipt', 'html', /charge on [0-9]+/, 'charge on 33'),
  ],
  [
    'mails/both-forms-agree',
    'a page without its products',
    reworded('payment_receipt', 'html', /<li>.*<.li>/, ''),
  ],
  ['mails/true-when-sent', 'a receipt with the next date of what has ended', endedBefore],
  untrue('a receipt without lines', 'payment_receipt', 'text', /^- .*$/gm, ''),
  untrue('a receipt that lists a thing twice', 'payment_receipt', 'text', /^- .*$/m, '$&\n$&'),
  untrue('a receipt for another quantity', 'payment_receipt', 'text', '2 × ', '3 × '),
  untrue('a receipt with another price of one', 'payment_receipt', 'text', /: [0-9]+/, ': 99'),
  untrue('a receipt without the next date', 'payment_receipt', 'text', / – next.*/, ''),
  untrue('a receipt of another day', 'payment_receipt', 'text', /GBP on [0-9]+/, 'GBP on 33'),
  untrue('a decline of another sum', 'payment_declined', 'subject', /[0-9.]+ GBP/, '1.00 GBP'),
  untrue('a decline of another day', 'payment_declined', 'text', /due on [0-9]+/, 'due on 33'),
  untrue('a decline of another product', 'payment_declined', 'text', /^- .*:/m, '- Soap:'),
  untrue(
    'the end of another product',
    'subscription_terminated',
    'subject',
    'Cleansing balm',
    'Soap',
  ),
  untrue('an end over another sum', 'subscription_terminated', 'text', /[0-9.]+ GBP/, '1.00 GBP'),
  untrue('a card that ends another day', 'card_unavailable', 'text', /on [0-9]+/, 'on 33'),
  untrue('a card that was lost otherwise', 'card_unavailable', 'text', /has expired/g, 'is gone'),
  untrue('a card for another product', 'card_unavailable', 'text', /Cleansing balm/g, 'soap'),
  untrue('a refund of another day', 'refund_receipt', 'text', /you on [0-9]+/, 'you on 33'),
  untrue('a refund of another product', 'refund_receipt', 'text', /^- .*$/m, '- Soap'),
];
