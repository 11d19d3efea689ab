import { runProcess } from '@perennial/service';
import { billingMigrations } from './migrations';
import { createBilling } from './service';
import { Settings } from './settings';
import { DiscrepancyModel } from './store/discrepancies';

void runProcess('billing', Settings, createBilling, {
  migrations: billingMigrations,
  models: [DiscrepancyModel],
});
