export { billingMigrations } from './migrations';
export { type Rebuilding, rebuildDiff } from './rebuild/rebuild';
export { createBilling } from './service';
export { Settings as BillingSettings } from './settings';
export { DiscrepancyModel } from './store/discrepancies';
