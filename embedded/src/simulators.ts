import type { Clock, Timer } from '@perennial/calendar';
import {
  type Aurora,
  type Borealis,
  type Crm,
  createAurora,
  createBorealis,
  createCrm,
  type Ledger,
} from '@perennial/simulators';
import type { Addresses } from './addresses';
import type { Environment } from './environment';

export interface Simulators {
  /** Null: somebody else's is spoken to. */
  readonly aurora: Aurora | null;
  readonly borealis: Borealis | null;
  readonly crm: Crm | null;
  readonly timers: readonly Timer[];
  /** All money that moved; null where some of it moved elsewhere. */
  ledger(): Ledger | null;
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
  const isOurs = (name: 'aurora' | 'borealis' | 'crm') =>
    env[`${name.toUpperCase()}_URL`] === addresses[name].url;
  const aurora = isOurs('aurora') ? auroraOf({ env, addresses }, clock) : null;
  const borealis = isOurs('borealis') ? borealisOf({ env, addresses }, clock) : null;
  const crm = isOurs('crm') ? createCrm({ apiKey: env['CRM_API_KEY'] ?? '' }) : null;
  await aurora?.listen(addresses.aurora.port);
  await borealis?.listen(addresses.borealis.port);
  await crm?.listen(addresses.crm.port);
  return {
    ...{ aurora, borealis, crm },
    timers: [aurora, borealis].flatMap((provider) => (provider ? [provider.timer] : [])),
    ledger: () => {
      if (!aurora || !borealis) return null;
      const [one, other] = [aurora.ledger(), borealis.ledger()];
      return {
        charges: [...one.charges, ...other.charges],
        refunds: [...one.refunds, ...other.refunds],
      };
    },
    stop: async () => {
      await aurora?.stop();
      await borealis?.stop();
      await crm?.stop();
    },
  };
}

function auroraOf({ env, addresses }: Options, clock: Clock): Aurora {
  const webhook = {
    url: `${addresses.webhooks.url}/webhooks/aurora`,
    secret: firstOf(env['AURORA_WEBHOOK_SECRETS']),
  };
  return createAurora({ clock, apiKey: env['AURORA_API_KEY'] ?? '', webhook });
}

function borealisOf({ env, addresses }: Options, clock: Clock): Borealis {
  const listener = env['BOREALIS_LISTEN'];
  const base = listener ? `http://${listener}` : addresses.webhooks.url;
  return createBorealis({
    clock,
    partnerCode: env['BOREALIS_PARTNER_CODE'] ?? '',
    apiSecret: env['BOREALIS_API_SECRET'] ?? '',
    webhook: {
      url: `${base}/webhooks/borealis`,
      secret: firstOf(env['BOREALIS_WEBHOOK_SECRETS']),
    },
  });
}

/** Of several during a rotation the first is signed with. */
function firstOf(secrets = ''): string {
  return secrets.split(/[@,]/)[0] ?? '';
}
