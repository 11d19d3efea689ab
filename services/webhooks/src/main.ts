import { runProcess } from '@perennial/service';
import { webhooksMigrations } from './migrations';
import { createWebhooks } from './service';
import { Settings } from './settings';

void runProcess('webhooks', Settings, createWebhooks, {
  migrations: webhooksMigrations,
});
