import { parseSettings, systemClock } from '@perennial/service';
import { z } from 'zod';
import { type AuroraOptions, createAurora } from './aurora/aurora';
import { type BorealisOptions, createBorealis } from './borealis/borealis';
import { createCrm } from './crm/crm';

const TICK_MS = 200;

/** The names that the services have for the same things, so that both can be given one environment. */
const Settings = z.object({
  PORT_BASE: z.coerce.number().int().min(1).max(65_000).default(4000),
  AURORA_API_KEY: z.string(),
  /** Several during a rotation: the first is signed with. */
  AURORA_WEBHOOK_SECRETS: z.string().regex(/^whsec_/, 'expected whsec_<base64>'),
  /** Where Aurora's webhooks go; by default to the service on its usual port. */
  AURORA_WEBHOOK_TARGET: z.url().optional(),
  BOREALIS_PARTNER_CODE: z.string(),
  BOREALIS_API_SECRET: z.string(),
  /** The first is proven with. */
  BOREALIS_WEBHOOK_SECRETS: z.string(),
  /** Where Borealis' webhooks go; by default to the service on its usual port. */
  BOREALIS_WEBHOOK_TARGET: z.url().optional(),
  CRM_API_KEY: z.string(),
});
type Settings = z.output<typeof Settings>;

async function main(): Promise<void> {
  const settings = parseSettings(Settings, process.env);
  const base = settings.PORT_BASE;
  const aurora = createAurora(auroraOptions(settings));
  const borealis = createBorealis(borealisOptions(settings));
  const crm = createCrm({ apiKey: settings.CRM_API_KEY });
  say('aurora', await aurora.listen(base + 101), auroraOptions(settings).webhook.url);
  say('borealis', await borealis.listen(base + 102), borealisOptions(settings).webhook.url);
  process.stdout.write(`crm       ${await crm.listen(base + 103)}\n`);
  const ticks = setInterval(() => {
    void aurora.timer.run();
    void borealis.timer.run();
  }, TICK_MS);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  clearInterval(ticks);
  await Promise.all([aurora.stop(), borealis.stop(), crm.stop()]);
}

function auroraOptions(settings: Settings): AuroraOptions {
  const url = settings.AURORA_WEBHOOK_TARGET ?? webhooksUrl(settings, 'aurora');
  const webhook = { url, secret: firstOf(settings.AURORA_WEBHOOK_SECRETS) };
  return { clock: systemClock(), apiKey: settings.AURORA_API_KEY, webhook };
}

function borealisOptions(settings: Settings): BorealisOptions {
  const url = settings.BOREALIS_WEBHOOK_TARGET ?? webhooksUrl(settings, 'borealis');
  return {
    clock: systemClock(),
    partnerCode: settings.BOREALIS_PARTNER_CODE,
    apiSecret: settings.BOREALIS_API_SECRET,
    webhook: { url, secret: firstOf(settings.BOREALIS_WEBHOOK_SECRETS) },
  };
}

function webhooksUrl({ PORT_BASE }: Settings, provider: string): string {
  return `http://127.0.0.1:${PORT_BASE + 1}/webhooks/${provider}`;
}

/** Each may carry its end, as `…@2027-01-01T00:00:00Z`. */
function firstOf(secrets: string): string {
  return (secrets.split(',')[0] ?? '').replace(/@\d{4}-\d\d-\d\dT[^@]*$/, '');
}

function say(name: string, url: string, target: string): void {
  process.stdout.write(`${name.padEnd(8)}  ${url}  webhooks to ${target}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
