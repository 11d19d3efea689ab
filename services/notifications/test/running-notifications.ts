import { createHash } from 'node:crypto';
import { addMs, parseInstant } from '@perennial/calendar';
import { type Announcement, createIds, type Envelope, type Ids } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport } from '@perennial/messaging';
import {
  allMigrations,
  createHttpClient,
  ManualClock,
  type Ports,
  parseSettings,
  startService,
  Timeline,
} from '@perennial/service';
import { createNotifications, NotificationsSettings, notificationsMigrations } from '../src';
import { type Outside, startOutside } from './outside';

export const NOW = parseInstant('2026-02-28T06:00:05Z');

/** A notifications service on loopback, with a CRM and a subscriptions service of its own. */
export interface Running {
  readonly db: Database;
  readonly clock: ManualClock;
  readonly ids: Ids;
  readonly outside: Outside;
  readonly logged: string[];
  /** By way of the transport, one by one; then all that is due is done. */
  tell(...announcements: readonly Announcement[]): Promise<void>;
  /** Sends nothing yet. */
  deliver(...announcements: readonly Announcement[]): Promise<void>;
  pass(ms: number): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>;
  stop(): Promise<void>;
}

export async function runNotifications(databaseUrl = 'sqlite::memory:'): Promise<Running> {
  const outside = await startOutside();
  const settings = parseSettings(NotificationsSettings, {
    DATABASE_URL: databaseUrl,
    BROKER_URL: 'local:',
    API_TOKENS: `ops:operator:${createHash('sha256').update('operator-token').digest('hex')}`,
    CRM_URL: `${outside.url}/`,
    CRM_API_KEY: 'crm-key',
    SUBSCRIPTIONS_URL: outside.url,
    SUBSCRIPTIONS_TOKEN: 'contacts-token',
  });
  const logged: string[] = [];
  const destination = { write: (line: string) => void logged.push(line) };
  const logger = createLogger({ name: 'notifications', level: 'trace', destination });
  const db = await openDatabase(databaseUrl);
  await migrate(db, allMigrations(notificationsMigrations));
  const clock = new ManualClock(NOW);
  const ids = createIds(clock);
  const http = createHttpClient();
  const ports = { db, clock, ids, logger, http, transport: createLocalTransport() };
  const timeline = new Timeline(clock, logger);
  const definition = createNotifications(ports, settings);
  const apiTokens = settings.API_TOKENS;
  const options = { port: 0, apiTokens, timeline, checkAnswers: true };
  const running = await startService(definition, ports, options);
  const deliver = async (...announcements: readonly Announcement[]) => {
    for (const one of announcements) await publish(one, ports);
  };
  return {
    ...{ db, clock, ids, outside, logged, deliver },
    tell: async (...announcements) => {
      await deliver(...announcements);
      await timeline.settle();
    },
    pass: (ms) => timeline.advance(addMs(clock.now(), ms)),
    call: (method, path, body) => call(running.url, method, path, body),
    stop: async () => {
      await running.stop();
      http.close();
      await db.close();
      await outside.stop();
    },
  };
}

/** As billing's or subscriptions' outbox does. */
async function publish(
  { type, subject, version, data, cause }: Announcement,
  { transport, ids, clock }: Pick<Ports, 'transport' | 'ids' | 'clock'>,
): Promise<void> {
  const [id, time, correlationId] = [ids(), clock.now(), cause.correlationId];
  const message: Envelope = {
    ...{ specversion: '1.0', id, source: '/services/test', type, subject, data, time },
    ...{ datacontenttype: 'application/json', aggregateversion: version, causationid: null },
    ...{ correlationid: correlationId, traceparent: cause.traceparent },
  };
  const carried = { id, type, time, correlationId, body: JSON.stringify(message) };
  const outcomes = await transport.publish('billing', [
    { ...carried, listeners: ['notifications'] },
  ]);
  if (outcomes[0] !== 'sent') throw new Error(`${type} was not carried: ${outcomes[0]}`);
}

async function call(url: string, method: string, path: string, body?: unknown) {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer operator-token' };
  const response = await fetch(url + path, {
    ...{ method, headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
