import { createHash } from 'node:crypto';
import { type Instant, parseInstant } from '@perennial/calendar';
import { type Announcement, createIds, type Envelope, type Ids } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport, type MessageHandler } from '@perennial/messaging';
import {
  allMigrations,
  createHttpClient,
  ManualClock,
  parseSettings,
  type Route,
  type RunningService,
  Scope,
  startService,
  Timeline,
} from '@perennial/service';
import { createSubscriptions, SubscriptionsSettings, subscriptionsMigrations } from '../src';

/** A subscriptions service on loopback, of which every message and log line is kept. */
export interface Running {
  readonly db: Database;
  readonly clock: ManualClock;
  readonly told: Announcement[];
  readonly logged: string[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** As the inbox does: all in one transaction. */
  deliver(...messages: readonly Envelope[]): Promise<void>;
  stop(): Promise<void>;
}

interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly scope?: Scope;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  readonly body: any;
}

const NOON = '2026-01-31T12:00:00Z';
const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const tokens = Scope.options.map((scope, n) => {
  const hash = createHash('sha256').update(scope).digest('hex');
  return `caller${n}:${scope}:${hash}`;
});

export async function runService(
  databaseUrl: string,
  { now = NOON, keys = [1] }: { now?: string; keys?: readonly number[] } = {},
): Promise<Running> {
  const settings = parseSettings(SubscriptionsSettings, {
    DATABASE_URL: databaseUrl,
    BROKER_URL: 'local:',
    API_TOKENS: tokens.join(','),
    PROVIDERS: 'aurora,borealis',
    APP_ENCRYPTION_KEY: keys.map(key).join(','),
  });
  const logged: string[] = [];
  const destination = { write: (line: string) => void logged.push(line) };
  const logger = createLogger({ name: 'subscriptions', level: 'trace', destination });
  const db = await openDatabase(databaseUrl);
  await migrate(db, allMigrations(subscriptionsMigrations));
  const clock = new ManualClock(parseInstant(now));
  const ids = createIds(clock);
  const http = createHttpClient();
  const ports = { db, clock, ids, logger, http, transport: createLocalTransport() };
  const told: Announcement[] = [];
  const definition = createSubscriptions(ports, settings);
  const running = await startService(
    { ...definition, routes: definition.routes.map((route) => overheard(route, told)) },
    ports,
    {
      port: 0,
      apiTokens: settings.API_TOKENS,
      timeline: new Timeline(clock, logger),
      checkAnswers: true,
    },
  );
  return {
    ...{ db, clock, told, logged },
    call: (method, path, options) => call(running, method, path, options),
    deliver: (...messages) => deliver(db, definition.messages, messages, told),
    stop: async () => {
      await running.stop();
      http.close();
      await db.close();
    },
  };
}

/** A message as another service sends it. */
export function sent(announcement: Omit<Announcement, 'cause'>, at: Instant, ids: Ids): Envelope {
  const { type, subject, version, data } = announcement;
  return {
    specversion: '1.0',
    id: ids(),
    source: '/services/test',
    ...{ type, subject, data },
    time: at,
    datacontenttype: 'application/json',
    aggregateversion: version,
    correlationid: ids(),
    causationid: null,
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  };
}

function overheard(route: Route, told: Announcement[]): Route {
  return {
    ...route,
    prepare: (raw) => {
      const prepared = route.prepare(raw);
      const { handle } = prepared;
      if (!handle) return prepared;
      return {
        ...prepared,
        handle: async (tx) => {
          const answer = await handle(tx);
          told.push(...(answer.announce ?? []));
          return answer;
        },
      };
    },
  };
}

async function deliver(
  db: Database,
  handlers: readonly MessageHandler[],
  messages: readonly Envelope[],
  told: Announcement[],
): Promise<void> {
  const handler = handlers.find(({ definition }) => definition.type === messages[0]?.type);
  if (!handler) throw new Error('nobody handles this');
  told.push(...(await db.transaction((tx) => handler.run(messages, tx))));
}

async function call(
  { url }: RunningService,
  method: string,
  path: string,
  { body, headers = {}, scope }: CallOptions = {},
): Promise<Answer> {
  const token =
    scope ?? (/^\/(customers(?!.*\/subscriptions))/.test(path) ? 'customers' : 'subscriptions');
  const response = await fetch(url + path, {
    method,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}
