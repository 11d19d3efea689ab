import { runProcess } from '@perennial/service';
import { billingMigrations } from './migrations';
import { createBilling } from './service';
import { Settings } from './settings';

void runProcess('billing', Settings, createBilling, billingMigrations);
