import type { Clock } from '@perennial/calendar';
import { type Aurora, type Crm, createAurora, createCrm } from '@perennial/simulators';
import type { Addresses } from './addresses';
import type { Environment } from './environment';

export interface Simulators {
  /** Null: somebody else's is spoken to. */
  readonly aurora: Aurora | null;
  readonly crm: Crm | null;
  stop(): Promise<void>;
}

interface Options {
  readonly env: Environment;
  readonly addresses: Addresses;
}

/** A provider whose address was given is not simulated. */
export async function createSimulators(
  { env, addresses }: Options,
  clock: Clock,
): Promise<Simulators> {
  const aurora =
    env['AURORA_URL'] === addresses.aurora.url
      ? await startAurora({ env, addresses }, clock)
      : null;
  const crm =
    env['CRM_URL'] === addresses.crm.url ? createCrm({ apiKey: env['CRM_API_KEY'] ?? '' }) : null;
  await crm?.listen(addresses.crm.port);
  return {
    ...{ aurora, crm },
    stop: async () => {
      await aurora?.stop();
      await crm?.stop();
    },
  };
}

async function startAurora({ env, addresses }: Options, clock: Clock): Promise<Aurora> {
  const [secret = ''] = (env['AURORA_WEBHOOK_SECRETS'] ?? '').split(/[@,]/);
  const aurora = createAurora({
    clock,
    apiKey: env['AURORA_API_KEY'] ?? '',
    webhook: { url: `${addresses.webhooks.url}/webhooks/aurora`, secret },
  });
  await aurora.listen(addresses.aurora.port);
  return aurora;
}
