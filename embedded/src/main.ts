import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instantOfMs, parseInstant } from '@perennial/calendar';
import { createLogger } from '@perennial/logger';
import { systemClock } from '@perennial/service';
import { addressesFrom } from './addresses';
import { type Arguments, readArguments } from './arguments';
import { environmentFor } from './environment';
import { keysIn } from './keys';
import { logFile } from './log-file';
import { Client } from './story/client';
import { runStory } from './story/run-story';
import { startSystem } from './system';

const DAY_MS = 86_400_000;
const say = (text: string) => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  const folder = args.data ?? mkdtempSync(join(tmpdir(), 'perennial-'));
  mkdirSync(folder, { recursive: true });
  const keys = keysIn(folder);
  const addresses = addressesFrom(Number(process.env['PORT_BASE'] ?? 4000));
  const env = environmentFor(keys, addresses, process.env);
  const log = logFile(join(folder, 'perennial.log'));
  const logger = createLogger({
    name: 'perennial',
    level: env['LOG_LEVEL'] ?? 'info',
    destination: log.stream,
  });
  const manual = env['CLOCK'] === 'manual';
  const start = startOf(args, env['CLOCK_START'], manual);
  const temporary = args.data === null;
  const system = await startSystem({ folder, env, addresses, start, logger, temporary });
  say(
    `Perennial: the four services, Aurora, Borealis and the CRM in one process; data and log in ${folder}`,
  );
  const client = new Client(addresses, keys.token);
  const end = async (code: number) => {
    client.close();
    await system.stop();
    await log.end();
    if (temporary) rmSync(folder, { recursive: true, force: true });
    return code;
  };
  const code = args.empty ? 0 : await runStory(system, client, args, say);
  if (args.exit) return end(code);
  if (!manual) system.clock.release();
  system.timeline.start();
  for (const [part, { url }] of Object.entries(addresses)) say(`  ${part.padEnd(14)} ${url}`);
  say(`  token          ${keys.token}`);
  say(
    `Try: curl -H 'Authorization: Bearer ${keys.token}' '${addresses.billing.url}/payments?limit=1'`,
  );
  say(`Pages: ${addresses.billing.url}/docs · Ctrl-C ends it`);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  return end(0);
}

/** The story ends now; without one, time begins where it was asked to. */
function startOf(args: Arguments, given: string | undefined, manual: boolean) {
  if (given !== undefined) return parseInstant(given);
  const now = systemClock().now();
  if (args.empty || manual) return now;
  return instantOfMs(Math.floor(Date.parse(now) / 60_000) * 60_000 - args.days * DAY_MS);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
