import { runProcess } from '@perennial/service';
import { subscriptionsMigrations } from './migrations';
import { createSubscriptions } from './service';
import { Settings } from './settings';

void runProcess('subscriptions', Settings, createSubscriptions, {
  migrations: subscriptionsMigrations,
});
