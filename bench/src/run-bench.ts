import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  BillingSettings,
  billingMigrations,
  createBilling,
  DiscrepancyModel,
} from '@perennial/billing';
import { createIds, messages } from '@perennial/contracts';
import { migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createRabbitTransport } from '@perennial/messaging';
import {
  allMigrations,
  createHttpClient,
  parseSettings,
  startService,
  systemClock,
  Timeline,
} from '@perennial/service';
import {
  registerDueCustomers,
  startNode,
  testAmqpUrl,
  testMysqlUrl,
  until,
} from '@perennial/testing';
import {
  Busyness,
  HeapSamples,
  measuredDatabase,
  measuredHttp,
  StatementCount,
  Stopwatch,
} from './measured';

const HOUR_MS = 3_600_000;
const TOKEN = 'bench';
const TOKEN_HASH = createHash('sha256').update(TOKEN).digest('hex');

export interface RunResult {
  readonly customers: number;
  readonly seconds: number;
  readonly chargesPerSecond: number;
  readonly statementsPerCharge: number;
  readonly transactions: number;
  readonly cpuMsPerCharge: number;
  readonly providerMsPerCall: number;
  readonly databaseMsPerTransaction: number;
  readonly outboxSeconds: number;
  /** Of the calls that may be under way at once, how many were. */
  readonly concurrencyUsed: number;
  readonly heapMiBByQuarter: readonly number[];
  readonly statements: readonly [string, number][];
  readonly run: unknown;
}

export interface RunOptions {
  readonly customers: number;
  /** How long the provider takes for an answer. */
  readonly answerMs: number;
  /** Of its answers, those that never come. */
  readonly hangRate: number;
}

/** One run over customers that are due, on real servers. */
export async function benchRun({ customers, answerMs, hangRate }: RunOptions): Promise<RunResult> {
  const aurora = startNode(join(__dirname, 'aurora-process.ts'), {
    ANSWER_MS: String(answerMs),
    HANG_RATE: String(hangRate),
  });
  const auroraUrl = await until(() => /http:\S+/.exec(aurora.output())?.[0], { what: 'Aurora' });
  const databaseUrl = await testMysqlUrl();
  const statements = new StatementCount();
  const [calls, transactions, busy] = [new Stopwatch(), new Stopwatch(), new Busyness()];
  const plain = await openDatabase(databaseUrl, {
    models: [DiscrepancyModel],
    poolSize: 20,
    countStatement: statements.count,
  });
  await migrate(plain, allMigrations(billingMigrations));
  const db = measuredDatabase(plain, transactions);
  const clock = systemClock();
  const ids = createIds(clock);
  const logger = createLogger({ name: 'bench', level: 'warn' });
  const client = createHttpClient();
  const transport = createRabbitTransport({ url: await testAmqpUrl(), logger });
  for (const listener of ['subscriptions', 'notifications'] as const) {
    const own = messages.filter(({ listeners }) => listeners.includes(listener));
    await transport.subscribe({
      service: listener,
      messages: own,
      batchSize: 100,
      take: async () => {},
    });
  }
  const settings = parseSettings(BillingSettings, {
    DATABASE_URL: databaseUrl,
    BROKER_URL: 'local:',
    API_TOKENS: `bench:billing:write:${TOKEN_HASH}`,
    AURORA_URL: auroraUrl,
    AURORA_API_KEY: 'bench',
    BILLING_CHARGE_TIME: '00:00',
  });
  const http = measuredHttp(client, calls, busy);
  const ports = { db, transport, clock, ids, http, logger };
  const definition = createBilling(ports, settings);
  await registerDueCustomers(customers, definition, plain, ids, clock.now());
  const timeline = new Timeline(clock, logger);
  const apiTokens = settings.API_TOKENS;
  const service = await startService(definition, ports, { port: 0, apiTokens, timeline });

  statements.reset();
  const heap = new HeapSamples();
  const [startMs, cpu] = [performance.now(), process.cpuUsage()];
  const answer = await client.send({
    method: 'POST',
    url: `${service.url}/runs`,
    headers: { authorization: `Bearer ${TOKEN}` },
    timeoutMs: HOUR_MS,
  });
  const seconds = (performance.now() - startMs) / 1000;
  const used = process.cpuUsage(cpu);
  const heapMiBByQuarter = heap.quarters();
  const counted = statements.total;
  const most = statements.most(16);
  await until(async () => (await outboxSize(plain)) === 0, {
    timeoutMs: 120_000,
    what: 'the outbox',
  });
  const outboxSeconds = (performance.now() - startMs) / 1000;

  await service.stop();
  await transport.close();
  client.close();
  await plain.close();
  aurora.kill('SIGTERM');
  return {
    customers,
    seconds,
    chargesPerSecond: calls.count / seconds,
    statementsPerCharge: counted / customers,
    transactions: transactions.count,
    cpuMsPerCharge: (used.user + used.system) / 1000 / customers,
    providerMsPerCall: calls.totalMs / calls.count,
    databaseMsPerTransaction: transactions.totalMs / transactions.count,
    outboxSeconds,
    concurrencyUsed: busy.average / settings.PROVIDER_CONCURRENCY,
    heapMiBByQuarter,
    statements: most,
    run: JSON.parse(answer.body),
  };
}

async function outboxSize(db: Awaited<ReturnType<typeof openDatabase>>): Promise<number> {
  const [row] = await db.transaction((tx) => tx.select('SELECT COUNT(*) AS waiting FROM outbox'));
  return Number(row?.['waiting']);
}
