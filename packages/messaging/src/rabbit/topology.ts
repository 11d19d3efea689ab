import type { MessageDefinition, ServiceName } from '@perennial/contracts';
import type { Channel } from 'amqplib';

/** How often a process may die over one message before the broker puts it aside. */
const DELIVERY_LIMIT = 20;

export function exchangeOf(service: ServiceName): string {
  return `${service}.events`;
}

export async function declareExchange(channel: Channel, owner: ServiceName): Promise<void> {
  await channel.assertExchange(exchangeOf(owner), 'topic', { durable: true });
}

/** The service's one queue, bound to what it handles, and the one where the broker puts crash loops. */
export async function declareQueue(
  channel: Channel,
  service: ServiceName,
  messages: readonly MessageDefinition[],
): Promise<void> {
  const dead = `${service}.dead`;
  for (const owner of new Set(messages.map((message) => message.owner))) {
    await declareExchange(channel, owner);
  }
  await channel.assertQueue(dead, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.assertQueue(service, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': DELIVERY_LIMIT,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': dead,
    },
  });
  await Promise.all(
    messages.map(({ type, owner }) => channel.bindQueue(service, exchangeOf(owner), type)),
  );
}
