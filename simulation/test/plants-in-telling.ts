import type { CarriedMessage } from '../src/record';
import { found, inTable, type Plant, remove } from './planting';
import type { Planted } from './plants';

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
