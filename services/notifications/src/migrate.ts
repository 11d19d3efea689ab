import { migrateCommand } from '@perennial/service';
import { notificationsMigrations } from './migrations';

const [, , command] = process.argv;
void migrateCommand(command, process.env['DATABASE_URL'], notificationsMigrations).then((code) => {
  process.exitCode = code;
});
