import { BillingSettings, createBilling, DiscrepancyModel } from '@perennial/billing';
import { createIds } from '@perennial/contracts';
import { openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createRabbitTransport } from '@perennial/messaging';
import {
  createHttpClient,
  type Ports,
  parseSettings,
  startService,
  Timeline,
} from '@perennial/service';
import { CRASH_POINTS, crashingAt } from './crash-points';
import { fastClock } from './fast-clock';

/** One replica of billing as a process, on real servers; CRASH_AT names where it kills itself. */
async function main(): Promise<void> {
  const { env } = process;
  const settings = parseSettings(BillingSettings, env);
  const logger = createLogger({ name: 'billing', level: 'warn' });
  const clock = fastClock({ startMs: Number(env['START_MS']), speed: Number(env['SPEED']) });
  const ports: Ports = {
    db: await openDatabase(settings.DATABASE_URL, { models: [DiscrepancyModel] }),
    transport: createRabbitTransport({ url: settings.BROKER_URL, logger }),
    http: createHttpClient(),
    ids: createIds(clock),
    ...{ clock, logger },
  };
  const point = CRASH_POINTS.find((name) => name === env['CRASH_AT']);
  const used = point ? crashingAt(point, ports) : ports;
  const timeline = new Timeline(clock, logger);
  const { API_TOKENS: apiTokens, PORT: port } = settings;
  await startService(createBilling(used, settings), used, { port, apiTokens, timeline });
  timeline.start();
}

process.stdin.resume().once('end', () => process.exit(1));
void main();
