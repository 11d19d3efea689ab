import { createHash } from 'node:crypto';
import { parseInstant } from '@perennial/calendar';
import { type Announcement, createIds } from '@perennial/contracts';
import { type Database, migrate, openDatabase, type Tx } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport } from '@perennial/messaging';
import {
  ApiTokens,
  allMigrations,
  createHttpClient,
  ManualClock,
  type ServiceDefinition,
  startService,
  Timeline,
} from '@perennial/service';
import { webhooksMigrations } from '../src';
import { createAurora } from '../src/providers/aurora';
import { WebhookSecrets } from '../src/providers/aurora/secrets';
import type { Provider } from '../src/providers/provider';
import { webhooksOf } from '../src/service';
import { NOW, SECRET } from './signed';

export interface Running {
  readonly url: string;
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

const TOKENS = ApiTokens.parse(
  `ops:operator:${createHash('sha256').update('operator-token').digest('hex')}`,
);

export async function runWebhooks(
  databaseUrl = 'sqlite::memory:',
  { secrets = SECRET, others = [] }: { secrets?: string; others?: readonly Provider[] } = {},
): Promise<Running> {
  const logged: string[] = [];
  const destination = { write: (line: string) => void logged.push(line) };
  const logger = createLogger({ name: 'webhooks', level: 'trace', destination });
  const db = await openDatabase(databaseUrl);
  await migrate(db, allMigrations(webhooksMigrations));
  const clock = new ManualClock(parseInstant(NOW));
  const ids = createIds(clock);
  const http = createHttpClient();
  const ports = { db, clock, ids, logger, http, transport: createLocalTransport() };
  const aurora = createAurora(
    { secrets: WebhookSecrets.parse(secrets), acknowledgeQuarantined: false },
    clock,
  );
  const told: Announcement[] = [];
  const settings = { breakStore: false };
  const definition = overheard(webhooksOf([aurora, ...others], ports), told, settings);
  const running = await startService(definition, ports, {
    port: 0,
    checkAnswers: true,
    apiTokens: TOKENS,
    timeline: new Timeline(clock, logger),
  });
  return {
    ...{ url: running.url, db, clock, told, logged, definition, settings },
    call: (method, path, body) => call(running.url, method, path, body),
    stop: async () => {
      await running.stop();
      http.close();
      await db.close();
    },
  };
}

function overheard(
  definition: ServiceDefinition,
  told: Announcement[],
  settings: { breakStore: boolean },
): ServiceDefinition {
  return {
    ...definition,
    mount: (app, announce) =>
      definition.mount?.(app, async (announcements: readonly Announcement[], tx: Tx) => {
        if (settings.breakStore) throw new Error('the database went away');
        told.push(...announcements);
        await announce(announcements, tx);
      }),
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
