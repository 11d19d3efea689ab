import { join } from 'node:path';

/** The folder of this service's own tables. */
export const notificationsMigrations = join(__dirname, '..', 'migrations');
