import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messagesMarkdown } from '@perennial/contracts';
import { dumpSchema, openDatabase } from '@perennial/database';
import { allMigrations } from '@perennial/service';

/** Writes what is generated; with `--check` it only says what is out of date. */
async function main(): Promise<void> {
  const check = process.argv.includes('--check');
  const stale: string[] = [];
  for (const [path, text] of await generated()) {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    stale.push(path);
    if (!check) writeFileSync(path, text);
  }
  if (stale.length === 0) return;
  process.stdout.write(`${check ? 'out of date' : 'written'}: ${stale.join(', ')}\n`);
  if (check) {
    process.stdout.write('run: npm run generate\n');
    process.exitCode = 1;
  }
}

async function generated(): Promise<[path: string, text: string][]> {
  const files: [string, string][] = [['docs/messages.md', messagesMarkdown()]];
  for (const service of ['subscriptions', 'billing', 'webhooks', 'notifications']) {
    const folder = join('services', service);
    const db = await openDatabase('sqlite::memory:');
    const folders = allMigrations(join(folder, 'migrations'));
    files.push([join(folder, 'schema.sql'), await dumpSchema(db, folders)]);
    await db.close();
  }
  return files;
}

void main();
