import { join } from 'node:path';
import {
  BillingSettings,
  billingMigrations,
  createBilling,
  DiscrepancyModel,
} from '@perennial/billing';
import { createIds, messages, ServiceName } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport, createRabbitTransport } from '@perennial/messaging';
import {
  allMigrations,
  createHttpClient,
  parseSettings,
  startService,
  Timeline,
} from '@perennial/service';
import { createAurora, type LedgerCharge } from '@perennial/simulators';
import {
  freePortBase,
  type NodeProcess,
  registerDueCustomers,
  startNode,
  testAmqpUrl,
  testMysqlUrl,
} from '@perennial/testing';
import { createWebhooks, WebhooksSettings, webhooksMigrations } from '@perennial/webhooks';
import { sendEvent } from './aurora-event';
import type { CrashPoint } from './crash-points';
import { fastClock } from './fast-clock';

const SPEED = 20;
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const TOKENS = `test:operator:${'0'.repeat(64)}`;
const TICK_MS = 50;

interface Heard {
  readonly type: string;
  readonly subject: string;
}

/** Billing as processes on real servers, webhooks and Aurora beside it; time runs 20 times as fast. */
export interface BillingOnServers {
  readonly db: Database;
  /** What the messages of a type that subscriptions was sent are about. */
  heardIds(type: string): string[];
  /** Sends the success of the one attempt there is as so many identical webhooks at once. */
  knock(times: number): Promise<number[]>;
  start(crashAt?: CrashPoint): NodeProcess;
  /** So much time passes at once; processes started after it live then. */
  skip(ms: number): void;
  /** What Aurora was asked, by method and path. */
  asked(): Promise<string[]>;
  charges(): readonly LedgerCharge[];
  rows(sql: string): Promise<object[]>;
  stop(): Promise<void>;
}

interface Options {
  readonly customers: number;
  readonly answerDelayMs: number;
  readonly tokenOf?: (number: number) => string;
}

export async function billingOnServers(options: Options): Promise<BillingOnServers> {
  const { customers, answerDelayMs, tokenOf } = options;
  const pace = { startMs: Date.now(), speed: SPEED };
  const clock = fastClock(pace);
  const logger = createLogger({ name: 'test', level: 'silent' });
  const [databaseUrl, webhooksUrl, brokerUrl] = [
    await testMysqlUrl(),
    await testMysqlUrl(),
    await testAmqpUrl(),
  ];
  const db = await openDatabase(databaseUrl, { models: [DiscrepancyModel] });
  await migrate(db, allMigrations(billingMigrations));

  const transport = createRabbitTransport({ url: brokerUrl, logger });
  const envelopes: Heard[] = [];
  for (const listener of ['subscriptions', 'notifications'] as const) {
    await transport.subscribe({
      service: ServiceName.parse(listener),
      messages: messages.filter(({ listeners }) => listeners.includes(listener)),
      batchSize: 100,
      take: async (bodies) => {
        if (listener !== 'subscriptions') return;
        envelopes.push(...bodies.map((body) => JSON.parse(body.toString()) as Heard));
      },
    });
  }

  const port = await freePortBase([0, 1]);
  const aurora = createAurora({
    ...{ clock, apiKey: 'key', answerDelayMs },
    webhook: { url: `http://127.0.0.1:${port}/webhooks/aurora`, secret: SECRET },
  });
  const auroraUrl = await aurora.listen(port + 1);
  const ticks = setInterval(() => void aurora.timer.run(), TICK_MS);
  const webhooks = await startWebhooks(port, webhooksUrl);

  const env = {
    ...{ DATABASE_URL: databaseUrl, BROKER_URL: brokerUrl, API_TOKENS: TOKENS, PORT: '0' },
    ...{ AURORA_URL: auroraUrl, AURORA_API_KEY: 'key', BILLING_CHARGE_TIME: '00:00' },
    ...{ RUN_EVERY_MS: '1000', PROVIDER_TIMEOUT_MS: '2000' },
    ...{ START_MS: String(pace.startMs), SPEED: String(SPEED) },
  };
  const ids = createIds(clock);
  const idle = createHttpClient();
  const registering = createBilling(
    { db, clock, ids, logger, http: idle, transport: createLocalTransport() },
    parseSettings(BillingSettings, env),
  );
  await registerDueCustomers(customers, registering, db, ids, clock.now(), tokenOf);

  const children: NodeProcess[] = [];
  return {
    db,
    start: (crashAt) => {
      const point: Record<string, string> = crashAt ? { CRASH_AT: crashAt } : {};
      const child = startNode(join(__dirname, 'billing-process.ts'), { ...env, ...point });
      children.push(child);
      return child;
    },
    skip: (ms) => {
      pace.startMs -= Math.ceil(ms / (SPEED - 1));
      env.START_MS = String(pace.startMs);
    },
    asked: async () => {
      const answer = await fetch(`${auroraUrl}/_sim/requests`);
      const { data } = (await answer.json()) as { data: { method: string; path: string }[] };
      return data.map(({ method, path }) => `${method} ${path.split('?')[0]}`);
    },
    heardIds: (type) =>
      envelopes.filter((heard) => heard.type === type).map(({ subject }) => subject),
    knock: async (times) => {
      const [attempt] = await db.transaction((tx) => tx.select('SELECT * FROM attempts'));
      const { reference, providerReference, amountMinor, currency } = attempt ?? {};
      const data = { paymentId: providerReference, merchantReference: reference, currency };
      const event = {
        ...{ id: 'evt_test', type: 'payment.succeeded' },
        data: { ...data, amount: amountMinor, status: 'succeeded', sequence: 1 },
      };
      const door = { url: `http://127.0.0.1:${port}/webhooks/aurora`, secret: SECRET };
      const now = clock.now();
      return Promise.all(Array.from({ length: times }, () => sendEvent(door, event, now)));
    },
    charges: () => aurora.ledger().charges,
    rows: (sql) => db.transaction((tx) => tx.select(sql)),
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(({ ended }) => ended));
      clearInterval(ticks);
      await webhooks.stop();
      await aurora.stop();
      await transport.close();
      idle.close();
      await db.close();
    },
  };

  async function startWebhooks(port: number, url: string) {
    const settings = parseSettings(WebhooksSettings, {
      ...{ DATABASE_URL: url, BROKER_URL: brokerUrl, API_TOKENS: TOKENS },
      AURORA_WEBHOOK_SECRETS: SECRET,
    });
    const own = await openDatabase(url);
    await migrate(own, allMigrations(webhooksMigrations));
    const carrier = createRabbitTransport({ url: brokerUrl, logger });
    const http = createHttpClient();
    const ports = { db: own, transport: carrier, clock, ids: createIds(clock), http, logger };
    const timeline = new Timeline(clock, logger);
    const { API_TOKENS: apiTokens } = settings;
    const definition = createWebhooks(ports, settings);
    const running = await startService(definition, ports, { port, apiTokens, timeline });
    timeline.start();
    return {
      stop: async () => {
        await running.stop();
        await timeline.stop();
        await carrier.close();
        http.close();
        await own.close();
      },
    };
  }
}
