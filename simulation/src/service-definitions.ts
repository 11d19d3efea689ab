import {
  BillingSettings,
  billingMigrations,
  createBilling,
  DiscrepancyModel,
} from '@perennial/billing';
import type { DatabaseOptions } from '@perennial/database';
import {
  createNotifications,
  NotificationsSettings,
  notificationsMigrations,
} from '@perennial/notifications';
import {
  type CommonSettings,
  type Ports,
  parseSettings,
  type ServiceDefinition,
} from '@perennial/service';
import {
  createSubscriptions,
  SubscriptionsSettings,
  subscriptionsMigrations,
} from '@perennial/subscriptions';
import { createWebhooks, WebhooksSettings, webhooksMigrations } from '@perennial/webhooks';
import type { ServiceName } from './record';

export type Environment = Readonly<Record<string, string | undefined>>;

interface Prepared {
  readonly settings: CommonSettings;
  create(ports: Ports): ServiceDefinition;
}

interface Kept extends Pick<DatabaseOptions, 'models'> {
  readonly migrations: string;
  /** Throws where the settings are wrong. */
  prepare(env: Environment): Prepared;
}

/** What is run and kept under each name. */
export const DEFINITIONS: Readonly<Record<ServiceName, Kept>> = {
  subscriptions: {
    migrations: subscriptionsMigrations,
    prepare: (env) => {
      const settings = parseSettings(SubscriptionsSettings, env);
      return { settings, create: (ports) => createSubscriptions(ports, settings) };
    },
  },
  billing: {
    migrations: billingMigrations,
    models: [DiscrepancyModel],
    prepare: (env) => {
      const settings = parseSettings(BillingSettings, env);
      return { settings, create: (ports) => createBilling(ports, settings) };
    },
  },
  webhooks: {
    migrations: webhooksMigrations,
    prepare: (env) => {
      const settings = parseSettings(WebhooksSettings, env);
      return { settings, create: (ports) => createWebhooks(ports, settings) };
    },
  },
  notifications: {
    migrations: notificationsMigrations,
    prepare: (env) => {
      const settings = parseSettings(NotificationsSettings, env);
      return { settings, create: (ports) => createNotifications(ports, settings) };
    },
  },
};
