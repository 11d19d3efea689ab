import type { ServiceName } from '@perennial/contracts';
import { LocalQueue } from './local-queue';
import type { Outcome, Outgoing, Transport } from './transport';

/**
 * Carries within one process. `publish` resolves when each listener has committed the message or
 * recorded its failure; nothing is kept here, so what must outlast the process is in the outbox.
 */
export function createLocalTransport(): Transport {
  const queues = new Map<ServiceName, LocalQueue>();
  const queueOf = (service: ServiceName) => {
    const queue = queues.get(service) ?? new LocalQueue();
    queues.set(service, queue);
    return queue;
  };
  return {
    publish: (_owner, messages) => Promise.all(messages.map((message) => deliver(message, queues))),
    subscribe: async (subscription) => queueOf(subscription.service).join(subscription),
    ready: () => true,
    close: async () => queues.clear(),
  };
}

async function deliver(
  { type, body, listeners }: Outgoing,
  queues: ReadonlyMap<ServiceName, LocalQueue>,
): Promise<Outcome> {
  const open = [...queues.values()].filter((queue) => queue.isOpen && queue.types.has(type));
  const taken = await Promise.all(open.map((queue) => queue.put(Buffer.from(body))));
  const allThere = listeners.every((service) => queues.get(service)?.isOpen);
  if (!allThere || taken.includes(false)) return 'later';
  return open.length === 0 && listeners.length > 0 ? 'unroutable' : 'sent';
}
