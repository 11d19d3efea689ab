import type { Subscription } from './transport';

interface Item {
  readonly body: Buffer;
  readonly settle: (taken: boolean) => void;
}

interface Replica {
  readonly subscription: Subscription;
  working: Promise<void> | null;
  stopped: boolean;
}

/** The one queue of a service: each message goes to one of its replicas, in batches. */
export class LocalQueue {
  readonly types = new Set<string>();
  readonly #replicas = new Set<Replica>();
  #waiting: Item[] = [];

  get isOpen(): boolean {
    return this.#replicas.size > 0;
  }

  /** False: nobody took it in the end. */
  put(body: Buffer): Promise<boolean> {
    return new Promise((settle) => {
      this.#waiting.push({ body, settle });
      this.#wake();
    });
  }

  /** Returns how to leave, which waits for the batch in hand. */
  join(subscription: Subscription): () => Promise<void> {
    for (const { type } of subscription.messages) this.types.add(type);
    const replica: Replica = { subscription, working: null, stopped: false };
    this.#replicas.add(replica);
    this.#wake();
    return async () => {
      replica.stopped = true;
      this.#replicas.delete(replica);
      await replica.working;
      this.#giveUpIfClosed();
    };
  }

  #wake(): void {
    for (const replica of this.#replicas) replica.working ??= this.#work(replica);
  }

  async #work(replica: Replica): Promise<void> {
    // Everything that is published together is waiting by then.
    await Promise.resolve();
    const { batchSize, take } = replica.subscription;
    while (!replica.stopped && this.#waiting.length > 0) {
      const items = this.#waiting.splice(0, batchSize);
      try {
        await take(items.map(({ body }) => body));
        for (const { settle } of items) settle(true);
      } catch {
        for (const { settle } of items) settle(false);
      }
    }
    replica.working = null;
    this.#giveUpIfClosed();
  }

  #giveUpIfClosed(): void {
    if (this.isOpen) return;
    for (const { settle } of this.#waiting.splice(0)) settle(false);
  }
}
