import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chance } from '../chance';
import type { Environment } from '../service-definitions';
import type { Arguments } from './arguments';
import { Chaos } from './chaos';
import { TortureDoor } from './door';
import { Population } from './population';
import { told } from './report';
import { comeToRest, isCalm } from './rest';
import { Servers } from './servers';
import { Site, START } from './site';
import { Timekeeper } from './timekeeper';
import { recordOf } from './torn-record';
import { judge } from './verdict';

const REST_WITHIN_MS = 45_000;
const LOOK_MS = 100;
const TELL_MS = 15_000;
/** About so many simulated days pass in a minute. */
const DAYS_A_MINUTE = 35;

export interface Torture {
  readonly args: Arguments;
  readonly inherited: Environment;
  /** Which servers may be killed. */
  readonly kills: string;
  readonly say: (text: string) => void;
  /** True: somebody wants it to end at once. */
  readonly isCalledOff: () => boolean;
}

/** Answers whether all held. */
export async function runTorture({ args, say, ...torture }: Torture): Promise<boolean> {
  const { isCalledOff } = torture;
  const endMs = Date.now() + args.minutes * 60_000;
  const isOver = () => isCalledOff() || Date.now() >= endMs;
  const folder = mkdtempSync(join(tmpdir(), 'perennial-torture-'));
  const stage = await Stage.open({ args, say, ...torture }, folder);
  try {
    await stage.begin();
    say(`torture of seed ${args.seed} for ${args.minutes} min, ${args.customers} customers`);
    await stage.suffer(isOver);
    if (isCalledOff()) return false;
    await stage.recover();
    return await stage.isWell();
  } finally {
    await stage.close();
  }
}

class Stage {
  /** What went wrong besides the invariants. */
  private readonly failures: string[] = [];
  private readonly time: Timekeeper;
  private readonly door: TortureDoor;
  private readonly chaos: Chaos;
  private readonly luck: Chance;

  private constructor(
    private readonly torture: Torture,
    private readonly folder: string,
    private readonly population: Population,
    private readonly site: Site,
  ) {
    this.luck = new Chance(String(torture.args.seed));
    this.time = new Timekeeper(site, () => isCalm(site));
    this.door = new TortureDoor(this.luck.of('door'), site, this.time);
    this.chaos = new Chaos(this.luck.of('chaos'), site, new Servers(torture.kills), this.time);
  }

  static async open(torture: Torture, folder: string): Promise<Stage> {
    const { args, inherited } = torture;
    const luck = new Chance(String(args.seed)).of('people');
    const days = Math.ceil(args.minutes * DAYS_A_MINUTE);
    const population = new Population(luck, { ...args, start: START, days });
    const site = await Site.open({ folder, inherited, population });
    return new Stage(torture, folder, population, site);
  }

  async begin(): Promise<void> {
    const { site, failures } = this;
    this.torture.say(`eight processes of four services, each with its log in ${this.folder}`);
    for (const { replica } of site.instances) {
      replica.onDeath = (how) => {
        failures.push(`${replica.name} ${how}; its log ends with\n${replica.lastLines()}`);
        replica.start();
      };
    }
    site.start();
    await site.ready();
  }

  async suffer(isOver: () => boolean): Promise<void> {
    // Not waited for: some have acts left when it is over.
    this.population.live(this.door).catch((error: unknown) => {
      this.failures.push(
        `a person could not go on: ${error instanceof Error ? error.stack : error}`,
      );
    });
    const moments = this.time.run(this.luck.of('time'), isOver);
    await Promise.all([this.chaos.run(isOver), moments, this.tell(isOver)]);
  }

  async recover(): Promise<void> {
    const { site, time, door, torture } = this;
    torture.say('the faults stop');
    door.closeSoon();
    await site.heal();
    torture.say('all processes are well again');
    const left = await comeToRest(site, time, door, REST_WITHIN_MS);
    if (left.length > 0) this.failures.push(`it did not come to rest:\n${left.join('\n')}`);
    torture.say(left.length > 0 ? 'not all is at rest' : 'all is at rest');
  }

  /** Whether all held; says what happened, and what did not. */
  async isWell(): Promise<boolean> {
    const { site, chaos, failures, folder } = this;
    const { args, say } = this.torture;
    const lines = chaos.happenings.map(({ at, who, what }) => `${at} ${who} ${what}`);
    writeFileSync(join(folder, 'faults.log'), `${lines.join('\n')}\n`);
    const record = await recordOf(site, START, this.population);
    const differences = await judge(record, site.databases, chaos.happenings);
    const outcome = { args, folder, record, tally: chaos.tally, failures, differences };
    for (const line of told(outcome)) say(line);
    return failures.length + differences.length === 0;
  }

  async close(): Promise<void> {
    this.time.stop();
    this.door.close();
    await this.site.close();
  }

  private async tell(isOver: () => boolean): Promise<void> {
    const { clock, outside } = this.site;
    for (let toldMs = Date.now(); !isOver(); await sleep(LOOK_MS)) {
      if (Date.now() - toldMs < TELL_MS) continue;
      this.torture.say(`${clock.now().slice(0, 10)}, ${outside.calls.length} calls of providers`);
      toldMs = Date.now();
    }
  }
}
