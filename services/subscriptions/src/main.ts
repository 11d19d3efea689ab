import { parseSettings, runProcess } from '@perennial/service';
import { subscriptionsMigrations } from './migrations';
import { createSubscriptions } from './service';
import { Settings } from './settings';

const settings = parseSettings(Settings, process.env);
void runProcess(
  'subscriptions',
  settings,
  (ports) => createSubscriptions(ports, settings),
  subscriptionsMigrations,
);
