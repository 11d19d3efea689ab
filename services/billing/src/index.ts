export { billingMigrations } from './migrations';
export { createBilling } from './service';
export { Settings as BillingSettings } from './settings';
export { DiscrepancyModel } from './store/discrepancies';
