import type { Database } from '@perennial/database';
import { Counter, Gauge, Registry } from 'prom-client';
import { countFailed, type FailedState } from './store-failed';
import { outboxSize } from './store-outbox';

export interface Metrics {
  published(count: number): void;
  handled(count: number): void;
  /** Once for each failed attempt, by what became of the message. */
  failed(state: FailedState): void;
}

export function createMetrics(db: Database, registry = new Registry()): Metrics {
  const registers = [registry];
  const published = new Counter({
    ...{ name: 'messages_published_total', help: 'Messages confirmed by the carrier', registers },
  });
  const handled = new Counter({
    ...{ name: 'messages_handled_total', help: 'Messages handled, repeats left out', registers },
  });
  const failed = new Counter({
    ...{ name: 'messages_failed_total', help: 'Attempts at a message that failed', registers },
    labelNames: ['state'],
  });
  // The page of metrics does not fail with the database: it shows what was known last.
  new Gauge({
    ...{ name: 'outbox_pending', help: 'Messages written and not yet published', registers },
    async collect() {
      const size = await db.transaction(outboxSize).catch(() => null);
      if (size !== null) this.set(size);
    },
  });
  new Gauge({
    ...{ name: 'messages_waiting', help: 'Failed messages, by state', registers },
    labelNames: ['state'],
    async collect() {
      const counts = await db.transaction(countFailed).catch(() => null);
      if (counts === null) return;
      for (const state of ['retrying', 'parked']) this.set({ state }, counts.get(state) ?? 0);
    },
  });
  return {
    published: (count) => published.inc(count),
    handled: (count) => handled.inc(count),
    failed: (state) => failed.inc({ state }),
  };
}
