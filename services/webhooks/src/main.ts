import { parseSettings, runProcess } from '@perennial/service';
import { webhooksMigrations } from './migrations';
import { createWebhooks } from './service';
import { Settings } from './settings';

const settings = parseSettings(Settings, process.env);
void runProcess(
  'webhooks',
  settings,
  (ports) => createWebhooks(ports, settings),
  webhooksMigrations,
);
