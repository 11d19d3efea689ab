import { join } from 'node:path';
import {
  BillingSettings,
  billingMigrations,
  createBilling,
  DiscrepancyModel,
} from '@perennial/billing';
import type { Instant } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import type { Logger } from '@perennial/logger';
import { createLocalTransport, type Transport } from '@perennial/messaging';
import {
  createNotifications,
  NotificationsSettings,
  notificationsMigrations,
} from '@perennial/notifications';
import {
  ApiTokens,
  allMigrations,
  createHttpClient,
  type ManualClock,
  openManualClock,
  type Ports,
  parseSettings,
  type RunningService,
  type ServiceDefinition,
  startService,
  Timeline,
} from '@perennial/service';
import {
  createSubscriptions,
  SubscriptionsSettings,
  subscriptionsMigrations,
} from '@perennial/subscriptions';
import { createWebhooks, WebhooksSettings, webhooksMigrations } from '@perennial/webhooks';
import { z } from 'zod';
import type { Addresses } from './addresses';
import type { Environment } from './environment';
import { createSimulators, type Simulators } from './simulators';

const SERVICES = {
  subscriptions: {
    migrations: subscriptionsMigrations,
    models: [],
    create: (ports: Ports, env: Environment) =>
      createSubscriptions(ports, parseSettings(SubscriptionsSettings, env)),
  },
  billing: {
    migrations: billingMigrations,
    models: [DiscrepancyModel],
    create: (ports: Ports, env: Environment) =>
      createBilling(ports, parseSettings(BillingSettings, env)),
  },
  webhooks: {
    migrations: webhooksMigrations,
    models: [],
    create: (ports: Ports, env: Environment) =>
      createWebhooks(ports, parseSettings(WebhooksSettings, env)),
  },
  notifications: {
    migrations: notificationsMigrations,
    models: [],
    create: (ports: Ports, env: Environment) =>
      createNotifications(ports, parseSettings(NotificationsSettings, env)),
  },
} as const;
export type ServiceName = keyof typeof SERVICES;
const Tokens = z.object({ API_TOKENS: ApiTokens });
const NAMES = ['subscriptions', 'billing', 'webhooks', 'notifications'] as const;

export interface SystemOptions {
  /** Where the databases are; null: in memory. */
  readonly folder: string | null;
  readonly env: Environment;
  readonly addresses: Addresses;
  readonly start: Instant;
  readonly logger: Logger;
  /** Data that may be lost with the machine is written faster. */
  readonly temporary: boolean;
  /** Default: the local one. */
  readonly transport?: Transport;
}

/** The four services and what they speak to, in one process, on one clock and one timeline. */
export interface EmbeddedSystem {
  readonly clock: ManualClock;
  readonly timeline: Timeline;
  readonly simulators: Simulators;
  readonly databases: Readonly<Record<ServiceName, Database>>;
  stop(): Promise<void>;
}

export async function startSystem(options: SystemOptions): Promise<EmbeddedSystem> {
  const databases = await openDatabases(options);
  const clock = await openManualClock(databases.billing, options.start);
  const timeline = new Timeline(clock, options.logger);
  const http = createHttpClient();
  const transport = options.transport ?? createLocalTransport();
  const simulators = await createSimulators(options, clock);
  for (const timer of simulators.timers) {
    timeline.add({ name: timer.name, timers: [timer], flush: async () => 0 });
  }
  const running: RunningService[] = [];
  for (const name of NAMES) {
    const logger = options.logger.child({ service: name });
    const ports = { db: databases[name], transport, clock, ids: createIds(clock), http, logger };
    const definition: ServiceDefinition = SERVICES[name].create(ports, {
      ...options.env,
      DATABASE_URL: databaseUrl(name, options),
    });
    const settings = parseSettings(Tokens, options.env);
    running.push(
      await startService(definition, ports, {
        port: options.addresses[name].port,
        apiTokens: settings.API_TOKENS,
        timeline,
      }),
    );
  }
  return {
    ...{ clock, timeline, simulators, databases },
    stop: async () => {
      for (const service of running) await service.stop();
      await timeline.stop();
      await simulators.stop();
      http.close();
      for (const name of NAMES) await databases[name].close();
    },
  };
}

async function openDatabases(options: SystemOptions) {
  const opened = {} as Record<ServiceName, Database>;
  for (const name of NAMES) {
    const { migrations, models } = SERVICES[name];
    opened[name] = await openDatabase(databaseUrl(name, options), { models: [...models] });
    await migrate(opened[name], allMigrations(migrations));
  }
  return opened;
}

function databaseUrl(name: ServiceName, { folder, temporary }: SystemOptions): string {
  if (folder === null) return 'sqlite::memory:';
  return `sqlite:${join(folder, `${name}.sqlite`)}${temporary ? '?synchronous=off' : ''}`;
}
