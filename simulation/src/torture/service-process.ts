import type { Clock } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createRabbitTransport } from '@perennial/messaging';
import {
  createHttpClient,
  type HttpClient,
  type Ports,
  startService,
  Timeline,
} from '@perennial/service';
import { SERVICES } from '../record';
import { DEFINITIONS } from '../service-definitions';
import { SENT_AT } from './sent-at';
import { sharedClock } from './shared-clock';

/**
 * One replica of the service that SERVICE names, of production's parts, on the clock in CLOCK_FILE. How
 * long it may take to stop, whoever tortures it says.
 */
async function main(): Promise<void> {
  const { env } = process;
  const name = SERVICES.find((one) => one === env['SERVICE']);
  if (!name) throw new Error('SERVICE names none');
  const { models = [], prepare } = DEFINITIONS[name];
  const { settings, create } = prepare(env);
  const logger = createLogger({ name, level: settings.LOG_LEVEL });
  const clock = sharedClock(env['CLOCK_FILE'] ?? '');
  const db = await openDatabase(settings.DATABASE_URL, { models });
  const transport = createRabbitTransport({ url: settings.BROKER_URL, logger });
  const http = datedHttp(createHttpClient(), clock);
  const ports: Ports = { db, transport, http, clock, ids: createIds(clock), logger };
  const timeline = new Timeline(clock, logger);
  const { PORT: port, API_TOKENS: apiTokens } = settings;
  const running = await startService(create(ports), ports, { port, apiTokens, timeline });
  timeline.start();
  process.once('SIGTERM', () => {
    void running
      .stop()
      .then(() => timeline.stop())
      .then(() => transport.close())
      .then(() => db.close())
      .then(() => process.exit(0));
  });
}

/** Says when it was sent: a jump of the clock on the way is no fault of the sender's. */
function datedHttp(http: HttpClient, clock: Clock): HttpClient {
  return {
    send: (request) =>
      http.send({ ...request, headers: { ...request.headers, [SENT_AT]: clock.now() } }),
  };
}

// Whoever started it is gone.
process.stdin.resume().once('end', () => process.exit(1));
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
