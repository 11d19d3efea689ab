import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../chance';
import { PROVIDERS } from '../record';
import type { Happening } from '../scheduler';
import type { ServerName, Servers } from './servers';
import type { Site } from './site';
import type { Timekeeper } from './timekeeper';

const HOUR_MS = 3_600_000;
/** Less than keys live: whoever stood still for longer is not asked for anything by anybody. */
const FROZEN_FOR_MS = 20 * HOUR_MS;

interface Fault {
  readonly name: string;
  readonly share: number;
  /** What it strikes; never two at once strike the same. */
  readonly struck: string;
  /** Resolves when all is well again. */
  strike(): Promise<void>;
}

/** Faults drawn from the seed, several at once, until it is told to stop. */
export class Chaos {
  /** How often each kind has really struck. */
  readonly tally = new Map<string, number>();
  readonly happenings: Happening[] = [];
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly luck: Chance,
    private readonly site: Site,
    private readonly servers: Servers,
    private readonly time: Timekeeper,
  ) {}

  async run(isOver: () => boolean): Promise<void> {
    this.site.outside.moodSwing(this.luck.of('mood'));
    for (let number = 0; !isOver(); number += 1) {
      const luck = this.luck.of(number);
      await sleep(luck.between(300, 4_000, 'pause'));
      const fault = luck.weighted(
        this.faults(luck).map((one) => [one.share, one] as const),
        'kind',
      );
      if (!this.underWay.has(fault.struck)) this.begin(fault);
    }
    await Promise.all(this.underWay.values());
  }

  private begin({ name, struck, strike }: Fault): void {
    this.count(name);
    this.note(struck, `is down: ${name}`);
    const healed = strike().then(() => {
      this.note(struck, `is down no more: ${name}`);
      this.underWay.delete(struck);
    });
    this.underWay.set(struck, healed);
    // What cannot be healed stays under way: whoever waits for all of them hears of it.
    healed.catch(() => {});
  }

  private note(who: string, what: string): void {
    this.happenings.push({ at: this.site.clock.now(), step: 0, who, what, about: '' });
  }

  private count(name: string): void {
    this.tally.set(name, (this.tally.get(name) ?? 0) + 1);
  }

  private faults(luck: Chance): readonly Fault[] {
    return [
      ...this.toReplicas(luck),
      ...this.toLines(luck),
      ...this.servers.ours.map((server) => this.toServer(server, luck)),
      {
        ...{ name: 'simulators change their faults', share: 5, struck: 'simulators' },
        strike: async () => this.site.outside.moodSwing(luck.of('mood')),
      },
    ];
  }

  private toReplicas(luck: Chance): readonly Fault[] {
    const { replica } = luck.pick(this.site.instances, 'replica');
    const downMs = luck.is(0.4, 'at once') ? 0 : luck.between(0, 10_000, 'down');
    const struck = replica.name;
    return [
      {
        ...{ name: 'SIGKILL of a replica', share: 30, struck },
        strike: async () => {
          await replica.kill();
          await sleep(downMs);
          replica.start();
        },
      },
      {
        ...{ name: 'SIGTERM of a replica', share: 5, struck },
        strike: async () => {
          await replica.stop();
          replica.start();
        },
      },
      {
        ...{ name: 'SIGSTOP of a replica', share: 12, struck },
        strike: async () => {
          const go = this.time.brake(FROZEN_FOR_MS);
          replica.freeze();
          await sleep(luck.between(300, 3_000, 'frozen'));
          replica.thaw();
          go();
        },
      },
    ];
  }

  private toLines(luck: Chance): readonly Fault[] {
    const { replica, database, broker } = luck.pick(this.site.instances, 'instance');
    const { webhooks, crm } = this.site.others;
    const provider = luck.pick(PROVIDERS, 'provider');
    const line = this.site.outside.lines[provider];
    const mode = luck.pick(['cut', 'hang'] as const, 'mode');
    const ms = luck.is(0.5, 'briefly')
      ? luck.between(20, 300, 'ms')
      : luck.between(300, 4_000, 'ms');
    const word = mode === 'cut' ? 'is cut' : 'hangs';
    const proxies = [
      { name: `database line ${word}`, struck: `${replica.name}/database`, proxy: database },
      { name: `broker line ${word}`, struck: `${replica.name}/broker`, proxy: broker },
      { name: `webhook line ${word}`, struck: 'webhooks', proxy: webhooks },
      { name: `CRM line ${word}`, struck: 'crm', proxy: crm },
    ];
    return [
      ...proxies.map(({ name, struck, proxy }) => ({
        ...{ name, struck, share: 7 },
        strike: async () => {
          proxy[mode]();
          await sleep(ms);
          proxy.restore();
        },
      })),
      {
        ...{ name: `provider line ${word}`, share: 8, struck: provider },
        strike: async () => {
          line.break(mode);
          await sleep(ms);
          line.restore();
        },
      },
    ];
  }

  private toServer(server: ServerName, luck: Chance): Fault {
    return {
      ...{ name: `SIGKILL of ${server}`, share: 2, struck: server },
      strike: async () => {
        await this.servers.kill(server);
        await sleep(luck.between(0, 3_000, server));
        await this.servers.start(server);
      },
    };
  }
}
