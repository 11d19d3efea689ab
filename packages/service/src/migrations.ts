import { join } from 'node:path';

/** The folder of this package's own tables: idempotency_keys and manual_clock. */
export const serviceMigrations = join(__dirname, '..', 'migrations');
