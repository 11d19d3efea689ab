import { messageOfType } from '@perennial/contracts';
import {
  createLocalTransport,
  type Outcome,
  type Outgoing,
  type Subscription,
  type Transport,
} from '@perennial/messaging';

export interface Overheard {
  readonly transport: Transport;
  /** Every message that was sent, as JSON. */
  readonly messages: string[];
  /** These types do not get through for now. */
  hold(...types: readonly string[]): void;
  letThrough(): void;
  /** From now on every message is delivered once more when it has been handled. */
  redeliver(): void;
  /** From now on every message comes to each consumer twice at once, as if it were registered twice. */
  registerTwice(): void;
}

/** The local transport, listened to; it can be made to hold back messages, or to repeat them. */
export function overheardTransport(): Overheard {
  const local = createLocalTransport();
  const messages: string[] = [];
  const held = new Set<string>();
  const subscriptions: Subscription[] = [];
  let carry: Transport['publish'] = (owner, through) => local.publish(owner, through);
  const takenTwice = async ({ type, body }: Outgoing): Promise<Outcome> => {
    const consumers = subscriptions.filter(({ messages }) =>
      messages.some((message) => message.type === type),
    );
    const twice = [...consumers, ...consumers];
    await Promise.all(twice.map(({ take }) => take([Buffer.from(body)])));
    return 'sent';
  };
  return {
    messages,
    hold: (...types) => {
      for (const type of types) {
        if (!messageOfType(type)) throw new Error(`There is no message ${type}`);
        held.add(type);
      }
    },
    letThrough: () => held.clear(),
    redeliver: () => {
      carry = async (owner, through) => {
        await local.publish(owner, through);
        return local.publish(owner, through);
      };
    },
    registerTwice: () => {
      carry = (_owner, through) => Promise.all(through.map((message) => takenTwice(message)));
    },
    transport: {
      publish: async (owner, outgoing) => {
        const through = outgoing.filter(({ type }) => !held.has(type));
        messages.push(...through.map(({ body }) => body));
        const outcomes = [...(await carry(owner, through))];
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
