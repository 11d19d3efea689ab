export { webhooksMigrations } from './migrations';
export { ownProviders as listenedTo } from './providers';
export type { OpenProvider as OpenHeardProvider } from './providers/adapter';
export { createWebhooks } from './service';
export { Settings as WebhooksSettings, settingsFor as webhooksSettingsFor } from './settings';
