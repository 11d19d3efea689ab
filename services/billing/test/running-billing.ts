import { createHash } from 'node:crypto';
import { type Instant, parseInstant } from '@perennial/calendar';
import { type Announcement, createIds, Envelope, type Ids, messages } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport, type Transport } from '@perennial/messaging';
import {
  allMigrations,
  createHttpClient,
  ManualClock,
  type Ports,
  parseSettings,
  Scope,
  startService,
  Timeline,
} from '@perennial/service';
import { type Aurora, createAurora } from '@perennial/simulators';
import { BillingSettings, billingMigrations, createBilling, DiscrepancyModel } from '../src';
import { type Context, contextOf } from '../src/context';

export const NOON = parseInstant('2026-01-31T12:00:00Z');

/** A billing service on loopback with an Aurora of its own; time stands still until it is moved. */
export interface Running {
  readonly db: Database;
  readonly clock: ManualClock;
  readonly ids: Ids;
  readonly aurora: Aurora;
  /** For a replica that is to share it. */
  readonly auroraUrl: string;
  /** What billing has told the others. */
  readonly told: Envelope[];
  readonly statements: string[];
  /** What its engine works with. */
  readonly context: Context;
  /** By way of the transport, all together; nothing else is done that is due. */
  tell(...announcements: readonly Announcement[]): Promise<void>;
  /** Does all that falls due until then. */
  until(instant: string): Promise<void>;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Default: the one that the specification names for the call; null: without a token. */
  readonly token?: string | null;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  readonly body: any;
}

const API_TOKENS = Scope.options
  .map((scope, n) => `caller${n}:${scope}:${createHash('sha256').update(scope).digest('hex')}`)
  .join(',');

export async function runBilling(
  databaseUrl = 'sqlite::memory:',
  environment: Record<string, string> = {},
): Promise<Running> {
  const clock = new ManualClock(NOON);
  const webhook = { url: 'http://127.0.0.1:9/nobody', secret: 'whsec_dGVzdA==' };
  const aurora = createAurora({ clock, apiKey: 'aurora-key', webhook });
  const auroraUrl = environment['AURORA_URL'] ?? (await aurora.listen(0));
  const settings = parseSettings(BillingSettings, {
    ...{ DATABASE_URL: databaseUrl, BROKER_URL: 'local:', API_TOKENS },
    ...{ AURORA_URL: auroraUrl, AURORA_API_KEY: 'aurora-key', RECONCILE_AT: 'never' },
    ...environment,
  });
  const statements: string[] = [];
  const countStatement = (sql: string) => void statements.push(sql);
  const db = await openDatabase(databaseUrl, { models: [DiscrepancyModel], countStatement });
  await migrate(db, allMigrations(billingMigrations));
  const logger = createLogger({ name: 'billing', level: 'silent' });
  const [ids, http, transport] = [createIds(clock), createHttpClient(), createLocalTransport()];
  const ports = { db, clock, ids, logger, http, transport };
  const timeline = new Timeline(clock, logger);
  const told = await overhear(transport);
  const apiTokens = settings.API_TOKENS;
  const options = { port: 0, apiTokens, timeline, checkAnswers: true };
  const running = await startService(createBilling(ports, settings), ports, options);
  return {
    ...{ db, clock, ids, aurora, auroraUrl, told, statements, context: contextOf(ports, settings) },
    tell: (...announcements) => publish(announcements, ports),
    until: (instant) => timeline.advance(parseInstant(instant)),
    call: (method, path, callOptions) => call(running.url, method, path, callOptions),
    stop: async () => {
      await running.stop();
      http.close();
      await db.close();
      await aurora.stop();
    },
  };
}

/** Stands in for the services that listen to billing. */
async function overhear(transport: Transport): Promise<Envelope[]> {
  const told: Envelope[] = [];
  const all = messages.filter(({ owner }) => owner === 'billing');
  const take = async (bodies: readonly Buffer[]) => {
    told.push(...bodies.map((body) => Envelope.parse(JSON.parse(body.toString()))));
  };
  const [batchSize, nothing] = [100, async () => undefined];
  await transport.subscribe({ service: 'subscriptions', messages: all, batchSize, take });
  await transport.subscribe({ service: 'notifications', messages: [], batchSize, take: nothing });
  return told;
}

/** As the outbox of another service does. */
async function publish(
  announcements: readonly Announcement[],
  { transport, ids, clock }: Ports,
): Promise<void> {
  const carried = announcements.map((one) => {
    const message = envelopeOf(one, ids(), clock.now());
    const { id, type, time, correlationid: correlationId } = message;
    const body = JSON.stringify(message);
    return { id, type, time, correlationId, body, listeners: ['billing' as const] };
  });
  const outcomes = await transport.publish('subscriptions', carried);
  if (outcomes.some((outcome) => outcome !== 'sent')) throw new Error(`carried: ${outcomes}`);
}

export function envelopeOf(
  { type, subject, version, data, cause }: Announcement,
  id: string,
  time: Instant,
): Envelope {
  return {
    ...{ specversion: '1.0', id, source: '/services/test', type, subject, data, time },
    ...{ datacontenttype: 'application/json', aggregateversion: version, causationid: null },
    ...{ correlationid: cause.correlationId, traceparent: cause.traceparent },
  };
}

function scopeOf(method: string, path: string): Scope {
  if (/^\/(audit|messages|clock)/.test(path)) return 'operator';
  return method === 'GET' ? 'billing:read' : 'billing:write';
}

async function call(
  url: string,
  method: string,
  path: string,
  { body, headers = {}, token = scopeOf(method, path) }: CallOptions = {},
): Promise<Answer> {
  const authorization = token === null ? undefined : { Authorization: `Bearer ${token}` };
  const response = await fetch(url + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...authorization, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: await (isJson ? response.json() : response.text()) };
}
