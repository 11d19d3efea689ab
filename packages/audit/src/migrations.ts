import { join } from 'node:path';

/** The folder of the tables of the audit trail. */
export const auditMigrations = join(__dirname, '..', 'migrations');
