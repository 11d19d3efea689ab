import { messageOfType } from '@perennial/contracts';
import { createLocalTransport, type Transport } from '@perennial/messaging';

export interface Overheard {
  readonly transport: Transport;
  /** Every message that was sent, as JSON. */
  readonly messages: string[];
  /** These types do not get through for now. */
  hold(...types: readonly string[]): void;
  letThrough(): void;
}

/** The local transport, listened to; it can be made to hold back messages. */
export function overheardTransport(): Overheard {
  const local = createLocalTransport();
  const messages: string[] = [];
  const held = new Set<string>();
  return {
    messages,
    hold: (...types) => {
      for (const type of types) {
        if (!messageOfType(type)) throw new Error(`There is no message ${type}`);
        held.add(type);
      }
    },
    letThrough: () => held.clear(),
    transport: {
      publish: async (owner, outgoing) => {
        const through = outgoing.filter(({ type }) => !held.has(type));
        messages.push(...through.map(({ body }) => body));
        const outcomes = [...(await local.publish(owner, through))];
        return outgoing.map(({ type }) =>
          held.has(type) ? 'later' : (outcomes.shift() ?? 'later'),
        );
      },
      subscribe: (subscription) => local.subscribe(subscription),
      ready: () => local.ready(),
      close: () => local.close(),
    },
  };
}
