import { auditMigrations } from '@perennial/audit';
import { migrate, migrationStatus, openDatabase } from '@perennial/database';
import { messagingMigrations } from '@perennial/messaging';
import { serviceMigrations } from './migrations';

/** The tables that every service has, then its own. */
export function allMigrations(own: string): readonly string[] {
  return [messagingMigrations, auditMigrations, serviceMigrations, own];
}

/** `up` applies what is missing; `status` lists all. Answers the exit code. */
export async function migrateCommand(
  command: string | undefined,
  databaseUrl: string | undefined,
  own: string,
): Promise<number> {
  if ((command !== 'up' && command !== 'status') || !databaseUrl) {
    process.stderr.write('usage: DATABASE_URL=… migrate up|status\n');
    return 2;
  }
  const db = await openDatabase(databaseUrl);
  try {
    const lines =
      command === 'up'
        ? (await migrate(db, allMigrations(own))).map((name) => `applied ${name}`)
        : (await migrationStatus(db, allMigrations(own))).map(
            ({ name, applied }) => `${applied ? 'applied' : 'missing'} ${name}`,
          );
    process.stdout.write(lines.length > 0 ? `${lines.join('\n')}\n` : 'nothing to apply\n');
    return 0;
  } finally {
    await db.close();
  }
}
