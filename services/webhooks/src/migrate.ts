import { migrateCommand } from '@perennial/service';
import { webhooksMigrations } from './migrations';

const [, , command] = process.argv;
void migrateCommand(command, process.env['DATABASE_URL'], webhooksMigrations).then((code) => {
  process.exitCode = code;
});
