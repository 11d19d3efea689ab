import { migrateCommand } from '@perennial/service';
import { subscriptionsMigrations } from './migrations';

const [, , command] = process.argv;
void migrateCommand(command, process.env['DATABASE_URL'], subscriptionsMigrations).then((code) => {
  process.exitCode = code;
});
