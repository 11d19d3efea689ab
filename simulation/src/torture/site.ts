import { join } from 'node:path';
import { type Clock, parseInstant } from '@perennial/calendar';
import { type Database, isUnavailable, migrate, openDatabase } from '@perennial/database';
import { allMigrations, createHttpClient } from '@perennial/service';
import {
  type FaultProxy,
  freePortBase,
  startProxy,
  testAmqpUrl,
  testMysqlUrl,
  until,
} from '@perennial/testing';
import { SERVICES, type ServiceName } from '../record';
import { DEFINITIONS, type Environment } from '../service-definitions';
import { environmentOf } from '../settings';
import { type Balancer, startBalancer } from './balancer';
import { Outside } from './outside';
import type { Population } from './population';
import { keepPublished } from './published';
import { Replica } from './replica';
import { ClockHand, sharedClock } from './shared-clock';

/** When everything begins. */
export const START = parseInstant('2026-01-05T08:00:00.000Z');
const KEPT_BY_DATABASE = [
  'UPDATE relay_lease SET until_ms = GREATEST(0, until_ms - :by) WHERE holder IS NOT NULL',
  'UPDATE idempotency_keys SET held_until_ms = GREATEST(0, held_until_ms - :by) WHERE held_until_ms IS NOT NULL',
];
const REPLICAS = [1, 2] as const;
const READY_WITHIN_MS = 90_000;

/** A replica's own connections, which can be broken. */
export interface Lines {
  readonly database: FaultProxy;
  readonly broker: FaultProxy;
}

export interface Instance extends Lines {
  readonly replica: Replica;
}

interface SiteOptions {
  readonly folder: string;
  /** What processes need of ours. */
  readonly inherited: Environment;
  readonly population: Population;
}

/** All that runs: two replicas of each service on real servers, and what they speak to. */
export class Site {
  /** By how much what each database keeps has still to be brought nearer. */
  private readonly owedMs = new Map<ServiceName, number>();
  private readonly shifting = new Set<ServiceName>();

  private constructor(
    readonly hand: ClockHand,
    readonly clock: Clock,
    readonly outside: Outside,
    readonly instances: readonly Instance[],
    /** From the providers to webhooks, and from notifications to the CRM. */
    readonly others: Readonly<Record<'webhooks' | 'crm', FaultProxy>>,
    readonly databases: Readonly<Record<ServiceName, Database>>,
    private readonly balancers: readonly Balancer[],
  ) {}

  static async open({ folder, inherited, population }: SiteOptions): Promise<Site> {
    const clockFile = join(folder, 'clock');
    const hand = new ClockHand(clockFile, START);
    const clock = sharedClock(clockFile);
    const offsets = Array.from({ length: 10 }, (_, offset) => offset);
    const base = await freePortBase(offsets);
    const portOf = (service: ServiceName, number: number) =>
      base + 2 * SERVICES.indexOf(service) + number - 1;
    const balanced = (service: ServiceName, port: number) =>
      startBalancer(
        port,
        REPLICAS.map((number) => portOf(service, number)),
      );
    const webhooksDoor = await balanced('webhooks', base + 8);
    const contacts = await balanced('subscriptions', base + 9);
    const webhooks = await startProxy(webhooksDoor.url);
    const outside = new Outside(clock, webhooks.url.replace(/\/$/, ''), population.moods(clock));
    const found = await outside.open();
    const crm = await startProxy(found.crm);
    const addresses = { ...found, crm: crm.url, subscriptions: contacts.url };
    const env = { ...inherited, ...environmentOf(addresses, clockFile) };
    const broker = await testAmqpUrl();
    const databases = {} as Record<ServiceName, Database>;
    const instances: Instance[] = [];
    for (const service of SERVICES) {
      const url = await testMysqlUrl();
      const { migrations, models = [] } = DEFINITIONS[service];
      databases[service] = await openDatabase(url, { models });
      await migrate(databases[service], allMigrations(migrations));
      await keepPublished(databases[service]);
      for (const number of REPLICAS) {
        const lines = { database: await startProxy(url), broker: await startProxy(broker) };
        const own = { ...env, DATABASE_URL: lines.database.url, BROKER_URL: lines.broker.url };
        const port = portOf(service, number);
        const replica = new Replica({ service, number, port, env: own, folder });
        instances.push({ ...lines, replica });
      }
    }
    return new Site(hand, clock, outside, instances, { webhooks, crm }, databases, [
      webhooksDoor,
      contacts,
    ]);
  }

  get proxies(): readonly FaultProxy[] {
    const own = this.instances.flatMap(({ database, broker }) => [database, broker]);
    return [...own, ...Object.values(this.others)];
  }

  of(service: ServiceName): readonly Replica[] {
    return this.instances.map(({ replica }) => replica).filter((one) => one.service === service);
  }

  start(): void {
    for (const { replica } of this.instances) replica.start();
  }

  /** Until every replica says that it is ready. */
  async ready(): Promise<void> {
    const http = createHttpClient();
    const isReady = async ({ url }: Replica) => {
      const request = { method: 'GET', url: `${url}/health/ready`, timeoutMs: 2_000 };
      return (await http.send(request).catch(() => null))?.status === 200;
    };
    try {
      for (const { replica } of this.instances) {
        const what = `${replica.name} to be ready`;
        await until(() => isReady(replica), { timeoutMs: READY_WITHIN_MS, what });
      }
    } finally {
      http.close();
    }
  }

  /** Ends all faults, starts what is not running, and waits until it is well. */
  async heal(): Promise<void> {
    this.outside.moodSwing(null);
    for (const line of Object.values(this.outside.lines)) line.restore();
    for (const proxy of this.proxies) proxy.restore();
    for (const { replica } of this.instances) {
      replica.thaw();
      replica.start();
    }
    await this.ready();
  }

  /**
   * The database's own clock cannot be moved: what is kept by it is brought nearer instead. Where it does
   * not answer just now, that is left for the next jump.
   */
  async shiftDatabaseClock(ms: number): Promise<void> {
    await Promise.all(SERVICES.map((service) => this.shiftClockOf(service, ms)));
  }

  private async shiftClockOf(service: ServiceName, ms: number): Promise<void> {
    const by = (this.owedMs.get(service) ?? 0) + ms;
    this.owedMs.set(service, by);
    if (this.shifting.has(service)) return;
    this.shifting.add(service);
    try {
      await this.databases[service].transaction(async (tx) => {
        for (const sql of KEPT_BY_DATABASE) await tx.execute(sql, { by });
      });
      this.owedMs.set(service, (this.owedMs.get(service) ?? 0) - by);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    } finally {
      this.shifting.delete(service);
    }
  }

  /** Whatever state it is in. */
  async close(): Promise<void> {
    await Promise.all(this.instances.map(({ replica }) => replica.kill()));
    for (const proxy of this.proxies) await proxy.close();
    for (const balancer of this.balancers) await balancer.close();
    await this.outside.close();
    for (const service of SERVICES) await this.databases[service].close();
  }
}
