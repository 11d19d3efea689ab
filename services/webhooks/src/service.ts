import { sealer } from '@perennial/audit';
import type { Ports, ServiceDefinition } from '@perennial/service';
import { Door } from './door/door';
import type { Provider } from './providers/provider';
import { readDeliveries, readDelivery } from './routes/read-deliveries';
import { replayDelivery } from './routes/replay-delivery';
import type { Settings } from './settings';
import { markPublished } from './store';

export function createWebhooks(ports: Ports, settings: Settings): ServiceDefinition {
  const providers = [...settings.adapters.values()].map((open) => open(ports));
  return {
    name: 'webhooks',
    mount: doorFor(
      providers.filter(({ listen }) => listen === undefined),
      ports,
    ),
    listeners: providers.flatMap((provider) =>
      provider.listen ? [{ ...provider.listen, mount: doorFor([provider], ports) }] : [],
    ),
    routes: [readDeliveries, readDelivery, replayDelivery(providers, ports.ids)],
    messages: [],
    timers: [sealer(ports.db, ports.clock)],
    onPublished: markPublished,
  };
}

function doorFor(
  providers: readonly Provider[],
  ports: Ports,
): NonNullable<ServiceDefinition['mount']> {
  return (app, announce) => {
    const door = new Door(providers, { ...ports, announce });
    app.use('/webhooks', (request, response) => door.answer(request, response));
  };
}
