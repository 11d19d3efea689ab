import { sealer } from '@perennial/audit';
import type { Ports, ServiceDefinition } from '@perennial/service';
import { Door } from './door/door';
import { createAurora } from './providers/aurora';
import type { Provider } from './providers/provider';
import { readDeliveries, readDelivery } from './routes/read-deliveries';
import { replayDelivery } from './routes/replay-delivery';
import type { Settings } from './settings';
import { markPublished } from './store';

export function createWebhooks(ports: Ports, settings: Settings): ServiceDefinition {
  return webhooksOf([auroraOf(ports, settings)], ports);
}

function auroraOf({ clock }: Ports, settings: Settings): Provider {
  const secrets = settings.AURORA_WEBHOOK_SECRETS;
  const acknowledgeQuarantined = settings.AURORA_ACKNOWLEDGE_QUARANTINED;
  return createAurora({ secrets, acknowledgeQuarantined }, clock);
}

/** The service for any providers: nothing in it knows one by name. */
export function webhooksOf(providers: readonly Provider[], ports: Ports): ServiceDefinition {
  return {
    name: 'webhooks',
    mount: (app, announce) => {
      const door = new Door(providers, { ...ports, announce });
      app.use('/webhooks', (request, response) => door.answer(request, response));
    },
    routes: [readDeliveries, readDelivery, replayDelivery(providers, ports.ids)],
    messages: [],
    timers: [sealer(ports.db, ports.clock)],
    onPublished: markPublished,
  };
}
