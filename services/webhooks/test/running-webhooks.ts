import { createHash } from 'node:crypto';
import { parseInstant } from '@perennial/calendar';
import { type Announcement, createIds } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport } from '@perennial/messaging';
import {
  type Announce,
  allMigrations,
  createHttpClient,
  ManualClock,
  parseSettings,
  type ServiceDefinition,
  startService,
  Timeline,
} from '@perennial/service';
import { webhooksMigrations } from '../src';
import { createWebhooks } from '../src/service';
import { Settings } from '../src/settings';
import { BOREALIS } from './bank';
import { NOW, SECRET } from './signed';

export interface Running {
  readonly url: string;
  /** Of Borealis's own listener, where there is one. */
  readonly listenerUrls: readonly string[];
  readonly db: Database;
  readonly clock: ManualClock;
  /** What was written to the outbox, rolled back or not. */
  readonly told: Announcement[];
  readonly logged: string[];
  readonly definition: ServiceDefinition;
  readonly settings: { breakStore: boolean };
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>;
  stop(): Promise<void>;
}

const TOKENS = `ops:operator:${createHash('sha256').update('operator-token').digest('hex')}`;

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  /** Shared with another instance, whose it stays. */
  readonly db?: Database;
  readonly schema?: typeof Settings;
}

export async function runWebhooks(
  databaseUrl = 'sqlite::memory:',
  { env, db: shared, schema = Settings }: Options = {},
): Promise<Running> {
  const logged: string[] = [];
  const destination = { write: (line: string) => void logged.push(line) };
  const logger = createLogger({ name: 'webhooks', level: 'trace', destination });
  const db = shared ?? (await openDatabase(databaseUrl));
  await migrate(db, allMigrations(webhooksMigrations));
  const clock = new ManualClock(parseInstant(NOW));
  const ids = createIds(clock);
  const http = createHttpClient();
  const ports = { db, clock, ids, logger, http, transport: createLocalTransport() };
  const parsed = parseSettings(schema, {
    ...{ DATABASE_URL: databaseUrl, BROKER_URL: 'local:', API_TOKENS: TOKENS },
    ...{ AURORA_WEBHOOK_SECRETS: SECRET, ...BOREALIS, ...env },
  });
  const told: Announcement[] = [];
  const settings = { breakStore: false };
  const definition = overheard(createWebhooks(ports, parsed), told, settings);
  const running = await startService(definition, ports, {
    port: 0,
    checkAnswers: true,
    apiTokens: parsed.API_TOKENS,
    timeline: new Timeline(clock, logger),
  });
  return {
    ...{
      url: running.url,
      listenerUrls: running.listenerUrls,
      db,
      clock,
      told,
      logged,
      definition,
      settings,
    },
    call: (method, path, body) => call(running.url, method, path, body),
    stop: async () => {
      await running.stop();
      http.close();
      if (!shared) await db.close();
    },
  };
}

function overheard(
  definition: ServiceDefinition,
  told: Announcement[],
  settings: { breakStore: boolean },
): ServiceDefinition {
  const overhear =
    (announce: Announce): Announce =>
    async (announcements, tx) => {
      if (settings.breakStore) throw new Error('the database went away');
      told.push(...announcements);
      await announce(announcements, tx);
    };
  return {
    ...definition,
    mount: (app, announce) => definition.mount?.(app, overhear(announce)),
    listeners: (definition.listeners ?? []).map(({ mount, ...address }) => ({
      ...address,
      mount: (app, announce) => mount(app, overhear(announce)),
    })),
  };
}

async function call(url: string, method: string, path: string, body?: unknown) {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer operator-token' };
  const response = await fetch(url + path, {
    ...{ method, headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
