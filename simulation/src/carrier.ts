import type { Outcome, Outgoing, Subscription, Transport } from '@perennial/messaging';
import type { Chance } from './chance';
import type { Faults } from './faults';
import type { CarriedMessage, ServiceName, TakenMessage } from './record';
import type { Replica } from './replica';
import type { Scheduler } from './scheduler';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
/** A broker that hears nothing of a consumer for so long gives its messages to others. */
const HEARTBEAT_MS = 20 * SECOND_MS;

interface Carried {
  readonly id: string;
  readonly body: Buffer;
  readonly number: number;
}

interface Consumer {
  readonly replica: Replica;
  readonly subscription: Subscription;
  busy: boolean;
}

interface Queue {
  readonly waiting: Carried[];
  readonly consumers: Set<Consumer>;
}

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
}

/** The broker: a queue for each service, at least once, in no order. It loses nothing that it has confirmed. */
export class Carrier {
  /** What was published, as it was written. */
  readonly published: CarriedMessage[] = [];
  readonly taken: TakenMessage[] = [];
  private readonly queues = new Map<string, Queue>();
  private readonly held = new Map<Consumer, readonly Carried[]>();
  private downUntilMs = 0;
  private number = 0;

  constructor(private readonly world: Surroundings) {}

  get isDown(): boolean {
    return this.downUntilMs > this.world.scheduler.nowMs;
  }

  get upAtMs(): number {
    return this.downUntilMs;
  }

  goDown(ms: number): void {
    const { scheduler } = this.world;
    this.downUntilMs = scheduler.nowMs + ms;
    scheduler.note('broker', `is down for ${Math.round(ms / 1000)} s`);
    scheduler.after(ms, () => this.pumpAll());
  }

  recover(): void {
    this.downUntilMs = 0;
    this.pumpAll();
  }

  transportOf(replica: Replica): Transport {
    return {
      publish: (_owner, messages) => this.publish(replica, messages),
      subscribe: async (subscription) => {
        const consumer = { replica, subscription, busy: false };
        this.queueOf(subscription.service).consumers.add(consumer);
        this.pump(subscription.service);
        return async () => {
          this.queueOf(subscription.service).consumers.delete(consumer);
        };
      },
      ready: () => !this.isDown,
      close: async () => {},
    };
  }

  /** What a dead process had in hand is given to another. */
  released(replica: Replica): void {
    for (const queue of this.queues.values()) {
      for (const consumer of queue.consumers) {
        if (consumer.replica === replica) queue.consumers.delete(consumer);
      }
    }
    for (const [consumer] of this.held) if (consumer.replica === replica) this.takeBack(consumer);
  }

  private async publish(replica: Replica, messages: readonly Outgoing[]): Promise<Outcome[]> {
    const name = `${replica.service} publish`;
    const about = messages.map(({ body }) => body).join('\n');
    await replica.border({ name, side: 'before' }, 'killed before publish', about);
    const outcomes = this.isDown
      ? messages.map((): Outcome => 'later')
      : messages.map((message) => this.accept(message, replica.service));
    await replica.border({ name, side: 'after' }, 'killed before confirm', about);
    return outcomes;
  }

  private accept({ id, body, listeners }: Outgoing, from: ServiceName): Outcome {
    const { faults } = this.world;
    this.number += 1;
    if (faults.strikes('message dropped', this.number)) return 'later';
    this.published.push({ at: this.world.scheduler.now(), from, body });
    const copies = faults.strikes('message repeated', this.number) ? 2 : 1;
    for (const listener of listeners) {
      for (let copy = 0; copy < copies; copy += 1) this.carry(listener, { id, body }, copy);
    }
    return faults.strikes('confirm lost', this.number) ? 'later' : 'sent';
  }

  private carry(
    listener: ServiceName,
    { id, body }: Pick<Outgoing, 'id' | 'body'>,
    copy: number,
  ): void {
    const { scheduler, chance, faults } = this.world;
    const occasion = [this.number, listener, copy] as const;
    const delayed = faults.strikes('message delayed', ...occasion);
    const ms = delayed
      ? faults.extentMs(...this.delayOf(occasion), ...occasion)
      : 1 + 80 * chance.number('carry', ...occasion) ** 4;
    const queue = this.queueOf(listener);
    const carried = { id, body: Buffer.from(body), number: this.number };
    scheduler.after(ms, () => {
      queue.waiting.push(carried);
      this.pump(listener);
    });
  }

  /** Many a message waits until what it tells of has gone on by a day. */
  private delayOf(
    occasion: readonly (string | number)[],
  ): readonly [leastMs: number, mostMs: number] {
    return this.world.chance.is(0.5, 'for days', ...occasion)
      ? [18 * HOUR_MS, 72 * HOUR_MS]
      : [10 * SECOND_MS, 18 * HOUR_MS];
  }

  private queueOf(service: string): Queue {
    const queue = this.queues.get(service) ?? { waiting: [], consumers: new Set() };
    this.queues.set(service, queue);
    return queue;
  }

  private pumpAll(): void {
    for (const service of this.queues.keys()) this.pump(service);
  }

  /** Gives what waits to those who are free. */
  private pump(service: string): void {
    if (this.isDown) return;
    const { chance, scheduler } = this.world;
    const queue = this.queueOf(service);
    const free = [...queue.consumers].filter(({ busy, replica }) => !busy && replica.isAlive);
    while (free.length > 0 && queue.waiting.length > 0) {
      const index = chance.between(0, free.length - 1, 'consumer', service, scheduler.steps);
      const [consumer] = free.splice(index, 1);
      if (consumer) this.give(service, consumer, queue);
    }
  }

  private give(service: string, consumer: Consumer, queue: Queue): void {
    const { scheduler } = this.world;
    const { replica, subscription } = consumer;
    const batch = queue.waiting.splice(0, subscription.batchSize);
    consumer.busy = true;
    this.held.set(consumer, batch);
    scheduler.after(HEARTBEAT_MS, () => this.loosenHold(consumer, batch));
    const about = batch.map(({ body }) => body.toString()).join('\n');
    scheduler.note(replica.name, `gets ${batch.length} messages`, about);
    scheduler.spawn(async () => {
      await subscription.take(batch.map(({ body }) => body));
      const [at, by] = [scheduler.now(), replica.service];
      this.taken.push(...batch.map(({ id }) => ({ at, by, id })));
      await replica.border({ name: `${service} ack`, side: 'before' }, 'killed before ack', about);
      if (this.held.get(consumer) === batch) this.held.delete(consumer);
      consumer.busy = false;
      this.pump(service);
    });
  }

  private loosenHold(consumer: Consumer, batch: readonly Carried[]): false {
    const isHeard = this.held.get(consumer) !== batch || !consumer.replica.isStalled;
    if (!isHeard) this.takeBack(consumer);
    return false;
  }

  private takeBack(consumer: Consumer): void {
    const { service } = consumer.subscription;
    const batch = this.held.get(consumer) ?? [];
    this.held.delete(consumer);
    this.queueOf(service).waiting.unshift(...batch);
    this.world.scheduler.after(SECOND_MS, () => this.pump(service));
  }
}
