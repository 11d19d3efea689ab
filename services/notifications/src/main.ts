import { runProcess } from '@perennial/service';
import { notificationsMigrations } from './migrations';
import { createNotifications } from './service';
import { Settings } from './settings';

void runProcess('notifications', Settings, createNotifications, {
  migrations: notificationsMigrations,
});
