import * as billing from './billing';
import type { MessageDefinition } from './message';
import * as provider from './provider';
import * as subscriptions from './subscriptions';

/** Every message there is. Topology, outbox validation and docs are made from this list. */
export const messages: readonly MessageDefinition[] = [
  ...Object.values(provider),
  ...Object.values(subscriptions),
  ...Object.values(billing),
] as readonly MessageDefinition[];

const byType = new Map(messages.map((definition) => [definition.type, definition]));

export function messageOfType(type: string): MessageDefinition | undefined {
  return byType.get(type);
}
