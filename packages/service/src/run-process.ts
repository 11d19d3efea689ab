import { createIds } from '@perennial/contracts';
import { type DatabaseOptions, migrationStatus, openDatabase } from '@perennial/database';
import { createLogger, type Logger } from '@perennial/logger';
import { createRabbitTransport } from '@perennial/messaging';
import type { z } from 'zod';
import type { ServiceDefinition } from './definition';
import { createHttpClient } from './http-client';
import { allMigrations } from './migrate';
import type { Ports } from './ports';
import { type CommonSettings, parseSettings, SettingsError } from './settings';
import { type RunningService, startService } from './start-service';
import { systemClock } from './time/clocks';
import { openManualClock } from './time/store-manual-clock';
import { Timeline } from './time/timeline';

const DRAIN_MS = 25_000;

/** What a service keeps: the folder of its own migrations, and its models where it has any. */
interface Tables extends Pick<DatabaseOptions, 'models'> {
  readonly migrations: string;
}

type ProcessSettings = CommonSettings & { readonly PORT: number };

/**
 * Runs one service as a process of its own until SIGTERM or SIGINT: then it takes nothing new,
 * finishes within 25 s, and exits with 0. A bug ends it too, with 1, after the current work. Wrong
 * settings are all named before anything starts.
 */
export async function runProcess<Settings extends ProcessSettings>(
  name: string,
  schema: z.ZodType<Settings>,
  create: (ports: Ports, settings: Settings) => ServiceDefinition,
  tables: Tables,
): Promise<void> {
  const settings = settingsOrExit(name, schema);
  if (!settings) return;
  const logger = createLogger({ name, level: settings.LOG_LEVEL });
  try {
    const stop = await start(settings, (ports) => create(ports, settings), tables, logger);
    endWith(stop, logger);
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    // What was opened on the way would keep a process alive that does nothing.
    process.exit(1);
  }
}

function settingsOrExit<Settings>(name: string, schema: z.ZodType<Settings>): Settings | null {
  try {
    return parseSettings(schema, process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
}

async function start(
  settings: ProcessSettings,
  create: (ports: Ports) => ServiceDefinition,
  { migrations, models = [] }: Tables,
  logger: Logger,
): Promise<() => Promise<void>> {
  if (settings.BROKER_URL === 'local:') throw new Error('local: is for one process only');
  const db = await openDatabase(settings.DATABASE_URL, { models, poolSize: 20 });
  const missing = (await migrationStatus(db, allMigrations(migrations))).filter(
    ({ applied }) => !applied,
  );
  if (missing.length > 0)
    throw new Error(`run migrate up: ${missing.length} migrations are missing`);
  const now = systemClock().now();
  const clock =
    settings.CLOCK === 'manual'
      ? await openManualClock(db, settings.CLOCK_START ?? now)
      : systemClock();
  const transport = createRabbitTransport({ url: settings.BROKER_URL, logger });
  const http = createHttpClient();
  const ports: Ports = { db, transport, clock, ids: createIds(clock), http, logger };
  const timeline = new Timeline(clock, logger);
  const running: RunningService = await startService(create(ports), ports, {
    port: settings.PORT,
    host: '0.0.0.0',
    apiTokens: settings.API_TOKENS,
    timeline,
  });
  timeline.start();
  return async () => {
    await running.stop();
    await timeline.stop();
    await transport.close();
    http.close();
    await db.close();
  };
}

function endWith(stop: () => Promise<void>, logger: Logger): void {
  let stopping = false;
  const end = (code: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(code || 1), DRAIN_MS).unref();
    stop().then(
      () => process.exit(code),
      (error: unknown) => {
        logger.error({ err: error }, 'did not stop well');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => end(0)).once('SIGINT', () => end(0));
  const bug = (error: unknown) => {
    logger.fatal({ err: error }, 'a bug: ending after the current work');
    end(1);
  };
  process.on('uncaughtException', bug).on('unhandledRejection', bug);
}
