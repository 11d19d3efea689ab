import { migrateCommand } from '@perennial/service';
import { billingMigrations } from './migrations';

const [, , command] = process.argv;
void migrateCommand(command, process.env['DATABASE_URL'], billingMigrations).then((code) => {
  process.exitCode = code;
});
