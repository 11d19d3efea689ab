import type { Instant } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import {
  allMigrations,
  assembleService,
  type HttpClient,
  HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from '@perennial/service';
import type { Moods, Post } from '@perennial/simulators';
import { answerBy } from './answer-by';
import { Carrier } from './carrier';
import type { Chance } from './chance';
import { City } from './city';
import type { Fault, Faults } from './faults';
import { GatedDatabase } from './gated-database';
import { personOf } from './moods';
import { exchange } from './network';
import type { Refused } from './people/book';
import {
  type Call,
  type Deed,
  type Outage,
  PROVIDERS,
  type ProviderName,
  type RunRecord,
  SERVICES,
  type ServiceName,
} from './record';
import { type Border, Replica } from './replica';
import { quiet, type Scheduler } from './scheduler';
import { Timekeeper } from './timekeeper';
import { readCall } from './torture/read-call';
import { DEFINITIONS } from './torture/service-definitions';
import { environmentOf } from './torture/settings';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

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

/** The four services in two replicas each, and all that is around them, on one scheduler. */
export class World {
  readonly databases = {} as Record<ServiceName, Database>;
  readonly carrier: Carrier;
  readonly city: City;
  readonly deeds: Deed[] = [];
  readonly refusals: Refused[] = [];
  readonly calls: Call[] = [];
  readonly outages: Outage[] = [];
  readonly startedAt: Instant;
  private readonly timekeepers = {} as Record<ServiceName, Timekeeper>;
  private readonly replicas: Replica[] = [];
  private readonly databaseDownUntilMs = {} as Record<ServiceName, number>;
  private readonly hostDownUntilMs = new Map<string, number>();
  private readonly occasions = new Map<string, number>();
  private readonly logger = createLogger({ name: 'simulation', level: 'silent' });
  private readonly lives = new Map<string, number>();
  private healed = false;

  private constructor(readonly options: WorldOptions) {
    const { scheduler, moods, faults } = options;
    this.startedAt = scheduler.now();
    this.carrier = new Carrier(options);
    this.city = new City({ scheduler, faults, moods, post: (provider) => this.postBy(provider) });
    for (const service of SERVICES) {
      this.databaseDownUntilMs[service] = 0;
      this.timekeepers[service] = new Timekeeper({
        ...options,
        replicas: () => this.replicasOf(service),
        hasMail: () => this.hasMail(service),
        brokerUpAtMs: () => this.carrier.upAtMs,
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
        nowMs,
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
    await quiet();
    for (const service of SERVICES) await this.databases[service].close();
  }

  /** As it is now. */
  record(): RunRecord {
    const { startedAt, deeds, calls, outages } = this;
    return {
      ...{ startedAt, deeds, calls, outages },
      ...{ now: this.options.scheduler.now(), mails: this.city.mails, books: this.city.books },
      messages: this.carrier.published,
      rows: (service, sql) => this.databases[service].transaction((tx) => tx.select(sql)),
    };
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

  /** A day's troubles, which last; each begins when it likes, but most like the hour of the charges. */
  dawn(day: number): void {
    for (const name of PROVIDERS) {
      this.someday('provider outage', [name, day], HOUR_MS, 3 * DAY_MS, (ms) =>
        this.hostDown(name, ms),
      );
    }
    this.someday('crm outage', ['crm', day], HOUR_MS, DAY_MS, (ms) => this.hostDown('crm', ms));
    this.someday('broker down', [day], MINUTE_MS, 12 * HOUR_MS, (ms) => this.carrier.goDown(ms));
    for (const service of SERVICES) {
      this.someday('database down', [service, day], MINUTE_MS, 4 * HOUR_MS, (ms) =>
        this.databaseDown(service, ms),
      );
    }
    this.someday('all asleep', [day], HOUR_MS, DAY_MS, (ms) => this.sleep(ms));
    this.someday('asleep for weeks', [day], 2 * DAY_MS, 45 * DAY_MS, (ms) => this.sleep(ms));
  }

  private someday(
    fault: Fault,
    occasion: readonly (string | number)[],
    leastMs: number,
    mostMs: number,
    begin: (ms: number) => void,
  ): void {
    const { faults, scheduler, chance } = this.options;
    if (!faults.strikes(fault, ...occasion)) return;
    const luck = chance.of('begins', fault, ...occasion);
    const hour = luck.pick([5, 6], 'hour') * HOUR_MS;
    const early = hour + luck.between(-60, 300, 'seconds') * SECOND_MS;
    const atMs = luck.is(0.5, 'early') ? early : luck.number('any') * DAY_MS;
    const ms = Math.min(faults.extentMs(leastMs, mostMs, fault, ...occasion), this.untilHealedMs());
    scheduler.after(atMs, () => {
      if (!this.healed) begin(ms);
    });
  }

  private databaseDown(service: ServiceName, ms: number): void {
    const { scheduler } = this.options;
    this.databaseDownUntilMs[service] = scheduler.nowMs + ms;
    scheduler.note(`${service} database`, `is down for ${Math.round(ms / SECOND_MS)} s`);
  }

  private sleep(ms: number): void {
    for (const replica of this.replicas) replica.stall(ms);
  }

  /** No more faults: everything is there again, and works. */
  heal(): void {
    this.options.faults.end();
    this.healed = true;
    this.carrier.recover();
    this.hostDownUntilMs.clear();
    for (const service of SERVICES) this.databaseDownUntilMs[service] = 0;
    for (const replica of this.replicas) replica.recover();
    for (const service of SERVICES) this.timekeepers[service].changed(null);
    for (const name of PROVIDERS) this.city.wake(name);
  }

  private hostDown(name: ProviderName | 'crm', ms: number): void {
    const { scheduler } = this.options;
    scheduler.note(name, `cannot be reached for ${Math.round(ms / SECOND_MS)} s`);
    this.hostDownUntilMs.set(name, scheduler.nowMs + ms);
    if (name === 'crm') return;
    const from = scheduler.now();
    const to = scheduler.clock(() => ms).now();
    this.outages.push({ provider: name, from, to });
  }

  private async start(service: ServiceName, number: number): Promise<void> {
    const { scheduler, faults, chance, atBorder } = this.options;
    const name = `${service}/${number}`;
    const life = (this.lives.get(name) ?? 0) + 1;
    this.lives.set(name, life);
    const replica = new Replica(service, number, life, {
      ...{ scheduler, faults, chance },
      dies: (_, border) => atBorder?.(border) ?? false,
      died: (dead) => this.died(dead),
    });
    this.replicas.push(replica);
    const { clock } = replica;
    const db = new GatedDatabase(this.databases[service], replica, {
      faults,
      isDown: () => this.databaseDownUntilMs[service] > scheduler.nowMs,
      committed: () => this.timekeepers[service].changed(replica),
    });
    const ports = {
      ...{ db, clock, logger: this.logger, ids: createIds(clock) },
      transport: this.carrier.transportOf(replica),
      http: this.httpOf(replica),
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

  /** Somebody starts another one, in a moment or in days. */
  private died({ service, number, name, life, assembled }: Replica): void {
    const { scheduler, faults } = this.options;
    const index = this.replicas.findIndex((one) => one.name === name && one.life === life);
    const [dead] = this.replicas.splice(index, 1);
    if (dead) this.carrier.released(dead);
    // Its polls are the only thing of it that the machine would keep.
    assembled?.messaging.stop().catch(() => {});
    const afterMs = this.healed ? SECOND_MS : faults.extentMs(500, 2 * DAY_MS, name, life);
    scheduler.after(Math.min(afterMs, this.untilHealedMs()), () =>
      scheduler.spawn(() => this.start(service, number)),
    );
  }

  /** Set by whoever knows when the faults end. */
  healsAtMs = Number.POSITIVE_INFINITY;

  private untilHealedMs(): number {
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

  /** Tells this occasion from all others that are called the same. */
  private occasion(name: string): string {
    const count = (this.occasions.get(name) ?? 0) + 1;
    this.occasions.set(name, count);
    return `${name} #${count}`;
  }

  private httpOf(replica: Replica): HttpClient {
    return {
      send: async (request) => {
        const { hostname, pathname } = new URL(request.url);
        const about = `${request.method} ${request.url} ${request.body ?? ''}`;
        const name = `${replica.service} call to ${hostname}`;
        await replica.border({ name, side: 'before' }, 'killed before send', about);
        const occasion = this.occasion(
          `${hostname} ${personOf(about)} ${request.method} ${plain(pathname)}`,
        );
        const answer = this.carryOut(request, hostname, occasion);
        await replica.border({ name, side: 'after' }, 'killed before answer', about);
        const response = await answer;
        this.options.scheduler.note(replica.name, `is answered ${response.status}`, response.body);
        return response;
      },
    };
  }

  /** From a service to whoever is called. */
  private carryOut(
    request: HttpRequest,
    hostname: string,
    occasion: string,
  ): Promise<HttpResponse> {
    const answer = this.exchangeWith(request, hostname, occasion);
    // Whoever has died does not hear what went wrong.
    answer.catch(() => {});
    return answer;
  }

  private exchangeWith(
    request: HttpRequest,
    hostname: string,
    occasion: string,
  ): Promise<HttpResponse> {
    const isDown = (this.hostDownUntilMs.get(hostname) ?? 0) > this.options.scheduler.nowMs;
    const provider = PROVIDERS.find((name) => name === hostname);
    if (provider) return this.callProvider(provider, request, occasion, isDown);
    if (hostname === 'crm') {
      const ask = (asked: HttpRequest) => this.city.askCrm(asked, occasion);
      return exchange(request, isDown ? null : ask, occasion, this.options);
    }
    return this.askService(hostname, request, occasion);
  }

  private callProvider(
    provider: ProviderName,
    request: HttpRequest,
    occasion: string,
    isDown: boolean,
  ): Promise<HttpResponse> {
    const { scheduler } = this.options;
    const { method, url, body = '', headers = {} } = request;
    const { pathname, search } = new URL(url);
    const key = headers['Idempotency-Key'];
    const asked = {
      method,
      url: pathname + search,
      headers: key ? { 'idempotency-key': key } : {},
    };
    const call = readCall(provider, asked, body, scheduler.now());
    if (call) this.calls.push(call);
    const ask = (arriving: HttpRequest) => this.city.askProvider(provider, arriving, occasion);
    return exchange(request, isDown ? null : ask, occasion, this.options, {
      arrived: () => {
        if (call) call.arrived = true;
        scheduler.note(provider, `gets ${method} ${pathname}${search}`, body);
      },
      answered: ({ status, body: said }) => {
        if (call) call.answer = `${status} ${said}`;
        scheduler.note(provider, `answers ${status}`, `${call?.reference ?? ''} ${said}`);
      },
    }).then((response) => {
      if (call) call.heard = call.answer === `${response.status} ${response.body}`;
      return response;
    });
  }

  /** Of whichever replica comes by turns. */
  askService(hostname: string, request: HttpRequest, occasion: string): Promise<HttpResponse> {
    const service = SERVICES.find((name) => name === hostname);
    if (!service) throw new Error(`there is no host ${hostname}`);
    const there = this.replicasOf(service);
    const replica =
      there.length > 0 ? this.options.chance.pick(there, 'balance', occasion) : undefined;
    const answer = replica && ((asked: HttpRequest) => answerOf(replica, asked));
    return exchange(request, answer ?? null, occasion, this.options);
  }

  /** How a provider's events come to our door. */
  private postBy(provider: ProviderName): Post {
    return async (url, headers, body) => {
      const { faults, scheduler } = this.options;
      const occasion = this.occasion(
        `${provider} tells ${personOf(body)} ${new URL(url).pathname}`,
      );
      if (faults.strikes('webhook late', occasion)) throw new HttpFailure('refused', false);
      if (faults.strikes('webhook slow', occasion))
        await scheduler.pause(faults.extentMs(SECOND_MS, 4 * MINUTE_MS, occasion));
      scheduler.note(provider, `tells at ${new URL(url).pathname}`, body);
      const request = {
        ...{ method: 'POST', url, body, timeoutMs: 10 * SECOND_MS },
        headers: { 'content-type': 'application/json', ...headers },
      };
      const { status, body: text } = await this.askService('webhooks', request, occasion);
      scheduler.note(provider, `is answered ${status} at the door`, body);
      if (faults.strikes('acknowledgement lost', occasion)) throw new HttpFailure('timeout', true);
      return { status, text };
    };
  }
}

/** A process that dies meanwhile takes the connection with it. */
function answerOf(replica: Replica, request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { assembled } = replica;
    if (!assembled || !replica.isAlive) {
      reject(new HttpFailure('reset', false));
      return;
    }
    const end = replica.converse(() => reject(new HttpFailure('reset', true)));
    void answerBy(assembled.app, request).then((response) => {
      end();
      resolve(response);
    });
  });
}

/** A path without its ids. */
function plain(path: string): string {
  return path.replace(/[0-9a-f-]{36}|(pay_|T)\d+/g, ':id');
}
