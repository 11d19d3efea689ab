import { parseSettings, runProcess } from '@perennial/service';
import { billingMigrations } from './migrations';
import { createBilling } from './service';
import { Settings } from './settings';

const settings = parseSettings(Settings, process.env);
void runProcess('billing', settings, (ports) => createBilling(ports, settings), billingMigrations);
