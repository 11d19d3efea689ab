import { messageOfType } from '@perennial/contracts';
import { createLocalTransport, type Subscription, type Transport } from '@perennial/messaging';

export interface Overheard {
  readonly transport: Transport;
  /** Every message that was sent, as JSON. */
  readonly messages: string[];
  /** These types do not get through for now. */
  hold(...types: readonly string[]): void;
  letThrough(): void;
  /** From now on every message is carried so many times, at once. */
  repeat(times: number): void;
  /** Every consumer once more, as if it had been registered twice. */
  subscribeAgain(): Promise<void>;
}

/** The local transport, listened to; it can be made to hold back messages, or to repeat them. */
export function overheardTransport(): Overheard {
  const local = createLocalTransport();
  const messages: string[] = [];
  const held = new Set<string>();
  const subscriptions: Subscription[] = [];
  let times = 1;
  return {
    messages,
    hold: (...types) => {
      for (const type of types) {
        if (!messageOfType(type)) throw new Error(`There is no message ${type}`);
        held.add(type);
      }
    },
    letThrough: () => held.clear(),
    repeat: (wanted) => {
      times = wanted;
    },
    subscribeAgain: async () => {
      for (const subscription of subscriptions) await local.subscribe(subscription);
    },
    transport: {
      publish: async (owner, outgoing) => {
        const through = outgoing.filter(({ type }) => !held.has(type));
        messages.push(...through.map(({ body }) => body));
        const carried = Array.from({ length: times }, () => local.publish(owner, through));
        const outcomes = [...((await Promise.all(carried))[0] ?? [])];
        return outgoing.map(({ type }) =>
          held.has(type) ? 'later' : (outcomes.shift() ?? 'later'),
        );
      },
      subscribe: (subscription) => {
        subscriptions.push(subscription);
        return local.subscribe(subscription);
      },
      ready: () => local.ready(),
      close: () => local.close(),
    },
  };
}
