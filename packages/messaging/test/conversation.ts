import { type Clock, type Instant, instantOfMs, msOf, parseInstant } from '@perennial/calendar';
import {
  AttemptResolved,
  createIds,
  type Envelope,
  messages,
  type ServiceName,
} from '@perennial/contracts';
import { type Database, migrate, openDatabase, type Tx } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import {
  createMessaging,
  type MessageHandler,
  type Messaging,
  type MessagingOptions,
  messagingMigrations,
  newCause,
  on,
  type Transport,
} from '../src';

export class TestClock implements Clock {
  #now = parseInstant('2026-03-01T12:00:00Z');

  now(): Instant {
    return this.#now;
  }

  pass(ms: number): void {
    this.#now = instantOfMs(msOf(this.#now) + ms);
  }
}

export interface Place {
  readonly messaging: Messaging;
  readonly db: Database;
  readonly logged: string[];
}

export const clock = new TestClock();
export const ids = createIds(clock);

export async function openPlace(url = 'sqlite::memory:', statements?: string[]): Promise<Database> {
  const db = await openDatabase(url, {
    ...(statements && { countStatement: (sql: string) => void statements.push(sql) }),
  });
  await migrate(db, [messagingMigrations]);
  return db;
}

/** A service's messaging, quiet unless told otherwise: `flush` sends. */
export function placeOf(
  service: ServiceName,
  db: Database,
  transport: Transport,
  options: Partial<MessagingOptions> = {},
): Place {
  const logged: string[] = [];
  const destination = { write: (line: string) => void logged.push(line) };
  const logger = createLogger({ name: service, level: 'trace', destination });
  const shared = { service, db, transport, clock, ids, logger };
  const handlers = options.handlers ? allHandlers(service, options.handlers) : [];
  const messaging = createMessaging({ ...shared, ...options, handlers });
  return { messaging, db, logged };
}

/** The given ones, and for the rest of what the service listens to ones that do nothing. */
function allHandlers(service: ServiceName, given: readonly MessageHandler[]): MessageHandler[] {
  const known = new Set(given.map(({ definition }) => definition.type));
  const rest = messages.filter(({ type, listeners }) => {
    return listeners.includes(service) && !known.has(type);
  });
  return [...given, ...rest.map((definition) => on(definition, async () => []))];
}

/** From billing to subscriptions, and to nobody else. */
export function resolved(subject = ids(), version = 1) {
  const data = { attemptId: subject, paymentId: ids(), customerId: ids(), resolvedAt: clock.now() };
  return AttemptResolved.of(subject, version, data, newCause('system', 'timer:test', ids));
}

export function write({ messaging, db }: Place, ...announcements: ReturnType<typeof resolved>[]) {
  return db.transaction((tx) => messaging.write(announcements, tx));
}

/** Takes `AttemptResolved`, and keeps what it was given. */
export function hearing(
  react: (messages: readonly Envelope[], tx: Tx) => Promise<void> = async () => {},
): { heard: Envelope[]; batches: number[]; handler: MessageHandler } {
  const heard: Envelope[] = [];
  const batches: number[] = [];
  const handler = on(AttemptResolved, async (some, tx) => {
    await react(some, tx);
    heard.push(...some);
    batches.push(some.length);
    return [];
  });
  return { heard, batches, handler };
}

export async function countOf(db: Database, table: string): Promise<number> {
  const [row] = await db.transaction((tx) => tx.select(`SELECT COUNT(*) AS size FROM ${table}`));
  return Number(row?.['size']);
}
