export { billingMigrations } from './migrations';
export { ownProviders as chargedThrough } from './providers';
export type { OpenProvider as OpenChargedProvider } from './providers/adapter';
export { type Rebuilding, rebuildDiff } from './rebuild/rebuild';
export { createBilling } from './service';
export { Settings as BillingSettings, settingsFor as billingSettingsFor } from './settings';
export { DiscrepancyModel } from './store/discrepancies';
