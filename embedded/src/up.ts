import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@perennial/database';
import { createHttpClient, systemClock } from '@perennial/service';
import { z } from 'zod';
import { addressesFrom } from './addresses';
import { type Environment, environmentFor } from './environment';
import { keysIn } from './keys';
import { createSimulators } from './simulators';
import { Client } from './story/client';
import { openShop } from './story/open-shop';
import { readUpArguments } from './up-arguments';

const SERVICES = ['subscriptions', 'billing', 'webhooks', 'notifications'] as const;
type Service = (typeof SERVICES)[number];

const READY_WITHIN_MS = 60_000;
const TICK_MS = 200;

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Servers that were obtained for us, as they are to be shown. */
const Servers = z.array(
  z.object({ name: z.string(), pid: z.number(), address: z.string(), data: z.string() }),
);

async function main(): Promise<void> {
  const args = readUpArguments(process.argv.slice(2));
  const mysql = process.env['TEST_MYSQL_URL'];
  const amqp = process.env['TEST_AMQP_URL'];
  if (!mysql || !amqp) throw new Error('npm run up sees to the servers; run that');
  const folder = args.data ?? mkdtempSync(join(tmpdir(), 'perennial-up-'));
  mkdirSync(folder, { recursive: true });
  const keys = keysIn(folder);
  const addresses = addressesFrom(Number(process.env['PORT_BASE'] ?? 4000));
  const env = environmentFor(keys, addresses, { BROKER_URL: amqp, ...process.env });
  for (const { name, pid, address, data } of Servers.parse(
    JSON.parse(process.env['PERENNIAL_SERVERS'] ?? '[]'),
  )) {
    say(`  ${name.padEnd(14)} pid ${pid}  ${address}  data in ${data}`);
  }
  const simulators = await createSimulators({ env, addresses }, systemClock());
  const ticks = setInterval(() => {
    for (const timer of simulators.timers) void timer.run();
  }, TICK_MS);

  const children = new Map<Service, ChildProcess>();
  let ending = false;
  for (const service of SERVICES) {
    const database = await ownDatabase(mysql, service);
    const own = { ...env, PORT: String(addresses[service].port), DATABASE_URL: database };
    await migrateUp(service, own);
    const log = join(folder, `${service}.log`);
    const child = startService(service, own, log);
    children.set(service, child);
    child.once('exit', (code, signal) => {
      if (!ending)
        say(`${service} (pid ${child.pid}) has ended with ${signal ?? code}: it stays dead`);
    });
    say(`  ${service.padEnd(14)} pid ${child.pid}  ${addresses[service].url}  log ${log}`);
  }
  await Promise.all(SERVICES.map((service) => untilReady(addresses[service].url)));
  say(`  aurora         ${addresses.aurora.url}`);
  say(`  borealis       ${addresses.borealis.url}`);
  say(`  crm            ${addresses.crm.url}`);
  say(`  data           ${folder}`);
  say(`  token          ${keys.token}`);
  const client = new Client(addresses, keys.token);
  if (!args.empty) await openShop(client, args.customers, say);
  say('All four services are up. Ctrl-C ends them.');

  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  ending = true;
  clearInterval(ticks);
  client.close();
  await Promise.all([...children.values()].map(end));
  await simulators.stop();
}

/** Each service has its own database on the server. */
async function ownDatabase(server: string, service: Service): Promise<string> {
  const url = new URL(server);
  url.pathname = '/mysql';
  const db = await openDatabase(url.href, { poolSize: 1 });
  await db.transaction((tx) => tx.execute(`CREATE DATABASE IF NOT EXISTS perennial_${service}`));
  await db.close();
  url.pathname = `/perennial_${service}`;
  return url.href;
}

function entry(service: Service, file: 'main' | 'migrate'): string {
  return join(__dirname, '..', '..', 'services', service, 'dist', `${file}.js`);
}

async function migrateUp(service: Service, env: Environment): Promise<void> {
  const child = spawn(process.execPath, [entry(service, 'migrate'), 'up'], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${service}: migrate up ended with ${code}`);
}

function startService(service: Service, env: Environment, log: string): ChildProcess {
  const child = spawn(process.execPath, [entry(service, 'main')], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  return child;
}

async function untilReady(url: string): Promise<void> {
  const http = createHttpClient();
  const end = Date.now() + READY_WITHIN_MS;
  try {
    while (Date.now() < end) {
      const request = { method: 'GET', url: `${url}/health/ready`, timeoutMs: 2000 };
      const answer = await http.send(request).catch(() => null);
      if (answer?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    throw new Error(`${url} did not become ready; see its log`);
  } finally {
    http.close();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
