import type { RunRecord, ServiceName } from './record';

const RELATIONS: readonly (readonly [ServiceName, string])[] = [
  ['subscriptions', 'SELECT id AS child, customer_id AS parent FROM subscriptions'],
  ['billing', 'SELECT subscription_id AS child, customer_id AS parent FROM cycles'],
  ['billing', 'SELECT id AS child, customer_id AS parent FROM payments'],
  ['billing', 'SELECT id AS child, payment_id AS parent FROM attempts'],
  ['billing', 'SELECT reference AS child, payment_id AS parent FROM attempts'],
  ['billing', 'SELECT provider_reference AS child, payment_id AS parent FROM attempts'],
  ['billing', 'SELECT id AS child, payment_id AS parent FROM refunds'],
  ['billing', 'SELECT provider_reference AS child, payment_id AS parent FROM refunds'],
  ['notifications', 'SELECT id AS child, customer_id AS parent FROM mails'],
];

/** All ids, references and card tokens of the customers that these lead to. */
export async function kinOf(record: RunRecord, about: readonly string[]): Promise<Set<string>> {
  const neighbours = new Map<string, string[]>();
  const join = (one: string, other: string) => {
    neighbours.set(one, [...(neighbours.get(one) ?? []), other]);
    neighbours.set(other, [...(neighbours.get(other) ?? []), one]);
  };
  for (const [service, sql] of RELATIONS) {
    for (const { child, parent } of await record.rows(service, sql)) {
      if (child && parent) join(String(child), String(parent));
    }
  }
  for (const deed of record.deeds) {
    const person = `person ${deed.person}`;
    if ('customerId' in deed) join(person, deed.customerId);
    if ('subscriptionId' in deed) join(person, deed.subscriptionId);
    if ('paymentMethod' in deed) join(person, deed.paymentMethod);
  }
  const kin = new Set(about);
  for (const id of kin) for (const next of neighbours.get(id) ?? []) kin.add(next);
  return kin;
}
