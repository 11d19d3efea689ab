import { setImmediate as nextTurn } from 'node:timers/promises';
import { addMs, type Instant } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { allMigrations, assembleService } from '@perennial/service';
import type { Moods } from '@perennial/simulators';
import { type Acknowledged, noting } from './acknowledged';
import { Carrier } from './carrier';
import type { Chance } from './chance';
import { City } from './city';
import { Connections } from './connections';
import type { Faults } from './faults';
import { BY_FAULT, GatedDatabase } from './gated-database';
import {
  type Call,
  type Deed,
  type Pause,
  PROVIDERS,
  type ProviderName,
  type Refused,
  type RunRecord,
  SERVICES,
  type ServiceName,
  type Span,
} from './record';
import { type Border, Replica } from './replica';
import type { Scheduler } from './scheduler';
import { DEFINITIONS } from './service-definitions';
import { environmentOf } from './settings';
import { failsWithoutCause } from './steady';
import { Timekeeper } from './timekeeper';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

const ENVIRONMENT = {
  ...environmentOf(
    {
      aurora: 'http://aurora',
      borealis: 'http://borealis',
      crm: 'http://crm',
      subscriptions: 'http://subscriptions',
    },
    '',
  ),
  ...{ DATABASE_URL: 'sqlite::memory:', BROKER_URL: 'local:', LOG_LEVEL: 'silent' },
  ...{ PROVIDER_TIMEOUT_MS: '10000', PROVIDER_CONNECT_TIMEOUT_MS: '3000', RUN_EVERY_MS: '15000' },
};

export interface WorldOptions {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly moods: Moods;
  /** How many processes of each service. */
  readonly replicas: number;
  /** Whether the providers' books are compared every morning. */
  readonly reconciles: boolean;
  /** Told of each border that a process comes to; true kills it there. */
  readonly atBorder?: (border: Border) => boolean;
}

/** The four services in some replicas each, and all that is around them, on one scheduler. */
export class World {
  readonly databases = {} as Record<ServiceName, Database>;
  readonly carrier: Carrier;
  readonly city: City;
  readonly connections: Connections;
  readonly deeds: Deed[] = [];
  readonly refusals: Refused[] = [];
  readonly calls: Call[] = [];
  readonly pauses: Pause[] = [];
  readonly acknowledged: Acknowledged[] = [];
  /** What people wait for just now. */
  readonly unanswered = new Set<string>();
  readonly startedAt: Instant;
  private readonly timekeepers = {} as Record<ServiceName, Timekeeper>;
  private readonly replicas: Replica[] = [];
  private readonly databaseDownUntilMs = {} as Record<ServiceName, number>;
  private readonly hostDownUntilMs = new Map<string, number>();
  private readonly hostAilsUntilMs = new Map<string, number>();
  private readonly logger = createLogger({
    ...{ name: 'simulation', level: 'error' },
    destination: { write: (line) => this.complained(line) },
  });
  private readonly lives = new Map<string, number>();
  private healedAt: Instant | null = null;

  private constructor(readonly options: WorldOptions) {
    const { scheduler, chance, moods, faults } = options;
    this.startedAt = scheduler.now();
    this.carrier = new Carrier(options);
    this.connections = new Connections({
      ...options,
      ...{ calls: this.calls, city: () => this.city },
      replicasOf: (service) => this.replicasOf(service),
      isDown: (host) => (this.hostDownUntilMs.get(host) ?? 0) > scheduler.nowMs,
      ails: (host) => (this.hostAilsUntilMs.get(host) ?? 0) > scheduler.nowMs,
    });
    this.city = new City({
      ...{ scheduler, chance, faults, moods },
      post: (provider) => {
        const post = this.connections.postBy(provider);
        return noting(post, provider, () => scheduler.now(), this.acknowledged);
      },
    });
    for (const service of SERVICES) {
      this.databaseDownUntilMs[service] = 0;
      this.timekeepers[service] = new Timekeeper({
        ...options,
        replicas: () => this.replicasOf(service),
        hasMail: () => this.hasMail(service),
        brokerUpAtMs: () => this.carrier.upAtMs,
        databaseUpAtMs: () => this.databaseDownUntilMs[service],
      });
    }
  }

  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options);
    const nowMs = () => Math.floor(options.scheduler.nowMs);
    for (const service of SERVICES) {
      const { migrations, models = [] } = DEFINITIONS[service];
      world.databases[service] = await openDatabase('sqlite::memory:', {
        models: [...models],
        ...{ nowMs, guardsNesting: false },
        countStatement: (sql) => world.timekeepers[service].saw(sql),
      });
      await migrate(world.databases[service], allMigrations(migrations));
    }
    for (const service of SERVICES)
      for (let number = 1; number <= options.replicas; number += 1)
        await world.start(service, number);
    return world;
  }

  async close(): Promise<void> {
    for (const replica of [...this.replicas]) replica.kill();
    await nextTurn();
    for (const service of SERVICES) await this.databases[service].close();
  }

  /** As it is now. */
  record(): RunRecord {
    const { startedAt, healedAt, deeds, refusals, calls, acknowledged, pauses } = this;
    return {
      ...{ startedAt, healedAt, deeds, refusals, calls, acknowledged, pauses },
      ...{ now: this.options.scheduler.now(), mails: this.city.mails, books: this.city.books },
      messages: this.carrier.published,
      tables: (service) => this.tablesOf(service),
      taken: this.carrier.taken,
      rows: (service, sql) => this.databases[service].transaction((tx) => tx.select(sql)),
    };
  }

  private async tablesOf(service: ServiceName): Promise<readonly string[]> {
    const rows = await this.databases[service].transaction((tx) =>
      tx.select("SELECT name FROM sqlite_master WHERE type = 'table'"),
    );
    return rows.map(({ name }) => String(name));
  }

  /** Changes whenever something has come that can be wrong. */
  get version(): string {
    const { calls, deeds, city, carrier } = this;
    const { length } = carrier.published;
    return `${calls.length} ${deeds.length} ${city.mails.length} ${length} ${city.version}`;
  }

  replicasOf(service: ServiceName): readonly Replica[] {
    return this.replicas.filter((one) => one.service === service && one.isAlive && one.assembled);
  }

  databaseDown(service: ServiceName, ms: number): void {
    const { scheduler } = this.options;
    this.databaseDownUntilMs[service] = scheduler.nowMs + ms;
    scheduler.note(`${service} database`, `is down for ${Math.round(ms / SECOND_MS)} s`);
    this.pauses.push({ service, ...this.fromNow(ms) });
  }

  sleep(ms: number): void {
    for (const replica of this.replicas) replica.stall(ms);
  }

  get healed(): boolean {
    return this.healedAt !== null;
  }

  /** No more faults: everything is there again, and works. */
  heal(): void {
    this.options.faults.end();
    this.healedAt ??= this.options.scheduler.now();
    this.carrier.recover();
    this.hostDownUntilMs.clear();
    this.hostAilsUntilMs.clear();
    for (const service of SERVICES) this.databaseDownUntilMs[service] = 0;
    for (const replica of this.replicas) replica.recover();
    for (const service of SERVICES) this.timekeepers[service].changed(null);
    for (const name of PROVIDERS) this.city.wake(name);
  }

  hostDown(name: ProviderName | 'crm', ms: number): void {
    const { scheduler } = this.options;
    scheduler.note(name, `cannot be reached for ${Math.round(ms / SECOND_MS)} s`);
    const untilMs = Math.max(this.hostDownUntilMs.get(name) ?? 0, scheduler.nowMs + ms);
    this.hostDownUntilMs.set(name, untilMs);
  }

  private fromNow(ms: number): Span {
    const from = this.options.scheduler.now();
    return { from, to: addMs(from, ms) };
  }

  ail(name: ProviderName, ms: number): void {
    const { scheduler } = this.options;
    scheduler.note(name, `is about to go down, in ${Math.round(ms / SECOND_MS)} s`);
    this.hostAilsUntilMs.set(name, scheduler.nowMs + ms);
  }

  private async start(service: ServiceName, number: number): Promise<void> {
    const { scheduler, faults, chance, atBorder } = this.options;
    const name = `${service}/${number}`;
    const life = (this.lives.get(name) ?? 0) + 1;
    this.lives.set(name, life);
    const replica = new Replica(service, number, life, {
      ...{ scheduler, faults, chance },
      dies: (border) => atBorder?.(border) ?? false,
      died: (dead) => this.died(dead),
      stood: (ms) => this.pauses.push({ service, ...this.fromNow(ms) }),
    });
    this.replicas.push(replica);
    const { clock } = replica;
    const db = new GatedDatabase(this.databases[service], replica, {
      ...{ scheduler, faults },
      isDown: () => this.databaseDownUntilMs[service] > scheduler.nowMs,
      committed: () => this.timekeepers[service].changed(replica),
    });
    const ports = {
      ...{ db, clock, logger: this.logger, ids: createIds(clock) },
      transport: this.carrier.transportOf(replica),
      http: this.connections.httpOf(replica),
    };
    const { settings, create } = DEFINITIONS[service].prepare({
      ...ENVIRONMENT,
      ...(!this.options.reconciles && { RECONCILE_AT: 'never' }),
    });
    replica.assembled = await assembleService(create(ports), ports, {
      apiTokens: settings.API_TOKENS,
      timeline: this.timekeepers[service].timelineOf(replica),
      flushedByOthers: () => true,
      isDraining: () => false,
    });
    scheduler.note(name, `starts its life number ${life}`);
    this.timekeepers[service].changed(replica);
  }

  /** Whatever is logged as an error has a fault for its cause. */
  private complained(line: string): void {
    if (line.includes(BY_FAULT)) return;
    this.options.scheduler.spawn(async () => {
      throw failsWithoutCause('somebody', line);
    });
  }

  /** Somebody starts another one, in a moment or in days. */
  private died({ service, number, name, life, assembled }: Replica): void {
    const { scheduler, faults } = this.options;
    const index = this.replicas.findIndex((one) => one.name === name && one.life === life);
    const [dead] = this.replicas.splice(index, 1);
    if (dead) this.carrier.released(dead);
    // Its polls are the only thing of it that the machine would keep.
    assembled?.messaging.stop().catch(() => {});
    const afterMs = this.healed ? SECOND_MS : faults.extentMs(500, 2 * DAY_MS, name, life);
    const absentMs = Math.min(afterMs, this.untilHealedMs());
    this.pauses.push({ service, ...this.fromNow(absentMs) });
    scheduler.after(absentMs, () => scheduler.spawn(() => this.start(service, number)));
  }

  /** Set by whoever knows when the faults end. */
  healsAtMs = Number.POSITIVE_INFINITY;

  untilHealedMs(): number {
    return Math.max(SECOND_MS, this.healsAtMs - this.options.scheduler.nowMs);
  }

  private async hasMail(service: ServiceName): Promise<boolean> {
    const rows = await this.databases[service].transaction((tx) =>
      tx.select(
        `SELECT 1 FROM outbox WHERE NOT EXISTS
         (SELECT 1 FROM failed_messages WHERE held_subject = outbox.subject) LIMIT 1`,
      ),
    );
    return rows.length > 0;
  }
}
