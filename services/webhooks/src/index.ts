export { webhooksMigrations } from './migrations';
export { createWebhooks } from './service';
export { Settings as WebhooksSettings } from './settings';
