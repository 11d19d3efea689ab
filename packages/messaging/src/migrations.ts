import { join } from 'node:path';

/** The folder of the tables that every service's messaging needs, for `migrate`. */
export const messagingMigrations = join(__dirname, '..', 'migrations');
