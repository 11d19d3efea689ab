import { createHash, randomUUID } from 'node:crypto';
import { billingMigrations, DiscrepancyModel } from '@perennial/billing';
import { parseInstant } from '@perennial/calendar';
import { createIds, messages } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport } from '@perennial/messaging';
import {
  ApiTokens,
  allMigrations,
  createHttpClient,
  ManualClock,
  type Ports,
  type RunningService,
  type ServiceDefinition,
  startService,
  Timeline,
} from '@perennial/service';
import { subscriptionsMigrations } from '@perennial/subscriptions';
import { webhooksMigrations } from '@perennial/webhooks';
import type { Json } from './shop';

const SQLITE = 'sqlite::memory:';
const TOKEN = 'token';
const SCOPES = 'customers+subscriptions+billing:read+billing:write+operator';
const API_TOKENS = `test:${SCOPES}:${createHash('sha256').update(TOKEN).digest('hex')}`;

type Environment = Readonly<Record<string, string>>;

/** What every service must be told. */
const COMMON: Environment = {
  ...{ DATABASE_URL: SQLITE, BROKER_URL: 'local:', API_TOKENS },
  APP_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
};

const PARTS = {
  subscriptions: { migrations: subscriptionsMigrations, models: [] },
  billing: { migrations: billingMigrations, models: [DiscrepancyModel] },
  webhooks: { migrations: webhooksMigrations, models: [] },
} as const;
type Part = keyof typeof PARTS;
const NAMES = ['subscriptions', 'billing', 'webhooks'] as const;

type Create = (ports: Ports, env: Environment) => ServiceDefinition;

/** The services that money passes, made as a test says, in one process and on one clock. */
export class FewServices {
  private readonly running = new Map<Part, RunningService>();
  private readonly databases: Database[] = [];
  private readonly http = createHttpClient();
  private readonly logger = createLogger({ name: 'few', level: 'silent' });
  private readonly clock: ManualClock;
  private readonly timeline: Timeline;
  private readonly transport = createLocalTransport();

  private constructor(now: string) {
    this.clock = new ManualClock(parseInstant(now));
    this.timeline = new Timeline(this.clock, this.logger);
  }

  static async start(now: string, creates: Readonly<Record<Part, Create>>): Promise<FewServices> {
    const services = new FewServices(now);
    await services.nobodyMails();
    for (const name of NAMES) await services.add(name, creates[name]);
    return services;
  }

  url(name: Part): string {
    return this.running.get(name)?.url ?? '';
  }

  now(): string {
    return this.clock.now();
  }

  /** All that falls due on the way happens. */
  async until(instant: string): Promise<void> {
    await this.timeline.advance(parseInstant(instant));
  }

  async settle(): Promise<void> {
    await this.timeline.settle();
  }

  get(name: Part, path: string): Promise<Json> {
    return this.send('GET', name, path);
  }

  async post(name: Part, path: string, body: object): Promise<Json> {
    const answer = await this.send('POST', name, path, body);
    await this.settle();
    return answer;
  }

  async stop(): Promise<void> {
    for (const service of this.running.values()) await service.stop();
    await this.timeline.stop();
    this.http.close();
    for (const db of this.databases) await db.close();
  }

  private async add(name: Part, create: Create): Promise<void> {
    const { migrations, models } = PARTS[name];
    const db = await openDatabase(SQLITE, { models: [...models] });
    this.databases.push(db);
    await migrate(db, allMigrations(migrations));
    const { clock, http, logger, transport, timeline } = this;
    const ports = { db, transport, clock, ids: createIds(clock), http, logger };
    const options = { port: 0, apiTokens: ApiTokens.parse(API_TOKENS), timeline };
    this.running.set(name, await startService(create(ports, COMMON), ports, options));
  }

  /** Stands in for notifications. */
  private async nobodyMails(): Promise<void> {
    const heard = messages.filter(({ listeners }) => listeners.includes('notifications'));
    const take = async () => undefined;
    const service = 'notifications' as const;
    await this.transport.subscribe({ service, messages: heard, batchSize: 100, take });
  }

  private async send(method: string, name: Part, path: string, body?: object): Promise<Json> {
    const { status, body: text } = await this.http.send({
      ...{ method, url: this.url(name) + path, timeoutMs: 10_000 },
      headers: {
        ...{ authorization: `Bearer ${TOKEN}`, 'idempotency-key': randomUUID() },
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (status >= 300) throw new Error(`${method} ${name} ${path}: ${status} ${text}`);
    return JSON.parse(text);
  }
}
