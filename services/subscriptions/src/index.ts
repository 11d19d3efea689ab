export { subscriptionsMigrations } from './migrations';
export { createSubscriptions } from './service';
export { Settings as SubscriptionsSettings } from './settings';
