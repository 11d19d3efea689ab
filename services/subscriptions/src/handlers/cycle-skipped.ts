import { CycleSkipped } from '@perennial/contracts';
import { causeOf, on } from '@perennial/messaging';
import { Changes } from '../changes';
import type { Context } from '../context';
import { cycleSkipped } from '../domain/end';
import { lockSubscriptions } from '../store/subscriptions';

/** billing has not charged a cycle: the moment of a scheduled cancellation has come. */
export function onCycleSkipped({ ids, clock }: Context) {
  return on(CycleSkipped, async (messages, tx) => {
    const subscriptionIds = messages.map(({ data }) => data.subscriptionId);
    const changes = new Changes(await lockSubscriptions(subscriptionIds, tx));
    const now = clock.now();
    for (const message of messages) {
      const { subscriptionId, reason, skippedAt: at } = message.data;
      changes.apply(
        subscriptionId,
        (live) => cycleSkipped(live, { reason, at }),
        causeOf(message),
        now,
      );
    }
    return changes.save(tx, ids);
  });
}
