import { verifyAudit } from '@perennial/audit';
import { type Database, openDatabase } from '@perennial/database';
import { rebuildDiff } from './rebuild/rebuild';

/** `verify`, or `rebuild --diff`. Answers whether all is well. */
async function audit(db: Database, command: string): Promise<boolean> {
  if (command === 'verify') {
    const result = await verifyAudit(db);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return result.ok;
  }
  const { entities, differences } = await rebuildDiff(db);
  for (const line of differences) process.stdout.write(`${line}\n`);
  process.stdout.write(`${entities} entities compared, ${differences.length} differences\n`);
  return differences.length === 0;
}

async function main(): Promise<number> {
  const command = process.argv.slice(2).join(' ');
  const url = process.env['DATABASE_URL'];
  if (!url || !['verify', 'rebuild --diff'].includes(command)) {
    process.stderr.write('usage: DATABASE_URL=… audit verify | rebuild --diff\n');
    return 2;
  }
  const db = await openDatabase(url);
  try {
    return (await audit(db, command)) ? 0 : 1;
  } finally {
    await db.close();
  }
}

void main().then((code) => {
  process.exitCode = code;
});
