import { parseSettings, runProcess } from '@perennial/service';
import { notificationsMigrations } from './migrations';
import { createNotifications } from './service';
import { Settings } from './settings';

const settings = parseSettings(Settings, process.env);
void runProcess(
  'notifications',
  settings,
  (ports) => createNotifications(ports, settings),
  notificationsMigrations,
);
