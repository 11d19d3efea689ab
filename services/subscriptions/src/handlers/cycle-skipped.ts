import { CycleSkipped } from '@perennial/contracts';
import { causeOf, on } from '@perennial/messaging';
import { Changes } from '../changes';
import { type Context, presently } from '../context';
import { cycleSkipped } from '../domain/end';
import type { Live } from '../domain/subscription';
import { lockSubscriptions } from '../store/subscriptions';

/** billing has not charged a cycle: the moment of a scheduled cancellation has come. */
export function onCycleSkipped(context: Context) {
  return on(CycleSkipped, async (messages, tx) => {
    const subscriptionIds = messages.map(({ data }) => data.subscriptionId);
    const changes = new Changes(await lockSubscriptions(subscriptionIds, tx));
    const { now } = presently(context);
    for (const message of messages) {
      const { subscriptionId, reason, skippedAt } = message.data;
      const then = presently(context, skippedAt);
      const rule = (live: Live) => cycleSkipped(live, reason, then);
      changes.apply(subscriptionId, rule, causeOf(message), now);
    }
    return changes.save(tx, context.ids);
  });
}
