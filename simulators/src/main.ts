import { parseSettings, systemClock } from '@perennial/service';
import { z } from 'zod';
import { createAurora } from './aurora/aurora';
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
  CRM_API_KEY: z.string(),
});

async function main(): Promise<void> {
  const settings = parseSettings(Settings, process.env);
  const base = settings.PORT_BASE;
  const [secret = ''] = settings.AURORA_WEBHOOK_SECRETS.split(/[@,]/);
  const target = settings.AURORA_WEBHOOK_TARGET ?? `http://127.0.0.1:${base + 1}/webhooks/aurora`;
  const aurora = createAurora({
    clock: systemClock(),
    apiKey: settings.AURORA_API_KEY,
    webhook: { url: target, secret },
  });
  const crm = createCrm({ apiKey: settings.CRM_API_KEY });
  const auroraUrl = await aurora.listen(base + 101);
  const crmUrl = await crm.listen(base + 103);
  const ticks = setInterval(() => void aurora.timer.run(), TICK_MS);
  process.stdout.write(`aurora  ${auroraUrl}  webhooks to ${target}\ncrm     ${crmUrl}\n`);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  clearInterval(ticks);
  await aurora.stop();
  await crm.stop();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
