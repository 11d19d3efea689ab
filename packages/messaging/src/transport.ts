import type { MessageDefinition, ServiceName } from '@perennial/contracts';

/** A message on its way out: its envelope as JSON, and what a carrier needs to know without reading that. */
export interface Outgoing {
  readonly id: string;
  readonly type: string;
  /** When it was written. */
  readonly time: string;
  readonly correlationId: string;
  readonly body: string;
  /** Who must be reachable. Nobody: it may end nowhere. */
  readonly listeners: readonly ServiceName[];
}

/**
 * `later`: the carrier, or a listener's queue, is not there now, and the message may or may not have
 * got through. `unroutable`: the queues are there, but none takes this type.
 */
export type Outcome = 'sent' | 'later' | 'unroutable' | 'too-large';

export interface Subscription {
  readonly service: ServiceName;
  readonly messages: readonly MessageDefinition[];
  /** At most so many at once. */
  readonly batchSize: number;
  /**
   * Resolves when each message is committed, or recorded as failed: then they are the carrier's no
   * more. Rejects only when the subscription is being stopped: then they are given back.
   */
  take(bodies: readonly Buffer[]): Promise<void>;
}

/**
 * Carries messages between services: at least once, in no promised order. Everything else is done on
 * both sides of it, the same for each carrier: durability by the outbox, once-only by the inbox,
 * retries and parking by the table of failed messages.
 */
export interface Transport {
  /** One outcome for each message. Never throws for trouble with the carrier: that is `later`. */
  publish(owner: ServiceName, messages: readonly Outgoing[]): Promise<readonly Outcome[]>;
  /**
   * Several subscriptions of one service share its one queue. Throws what no waiting will mend; does
   * not wait for a carrier that is down. Returns how to stop: nothing new is taken, what is in hand
   * is finished.
   */
  subscribe(subscription: Subscription): Promise<() => Promise<void>>;
  ready(): boolean;
  close(): Promise<void>;
}
