import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chance } from '../chance';
import type { Arguments } from './arguments';
import { Chaos } from './chaos';
import { TortureDoor } from './door';
import { Population } from './population';
import type { Replica } from './replica';
import { type Outcome, told } from './report';
import { comeToRest, isCalm } from './rest';
import { Servers } from './servers';
import type { Environment } from './service-definitions';
import { Site, START } from './site';
import { Timekeeper } from './timekeeper';
import { recordOf } from './torn-record';
import { judge } from './verdict';

const REST_WITHIN_MS = 45_000;
const LOOK_MS = 100;
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
export async function runTorture(torture: Torture): Promise<boolean> {
  const { args, inherited, kills, say, isCalledOff } = torture;
  const endMs = Date.now() + args.minutes * 60_000;
  const folder = mkdtempSync(join(tmpdir(), 'perennial-torture-'));
  const luck = new Chance(String(args.seed));
  const failures: string[] = [];
  const servers = new Servers(kills);
  const days = Math.ceil(args.minutes * DAYS_A_MINUTE);
  const population = new Population(luck.of('people'), { ...args, start: START, days });
  const onDeath = (replica: Replica, how: string) => {
    failures.push(`${replica.name} ${how}; its log ends with\n${replica.lastLines()}`);
    replica.start();
  };
  const site = await Site.open({ folder, inherited, population, onDeath });
  const shift = (ms: number) => void site.shiftDatabaseClock(ms);
  const time = new Timekeeper(site.hand, site.clock, shift, () => isCalm(site));
  const door = new TortureDoor(luck.of('door'), site, time);
  const note = (what: string) => {
    appendFileSync(join(folder, 'faults.log'), `${site.clock.now()} ${what}\n`);
  };
  const chaos = new Chaos(luck.of('chaos'), site, servers, time, note);
  try {
    say(`eight processes of four services, each with its log in ${folder}`);
    site.start();
    await site.ready();
    const isOver = () => isCalledOff() || Date.now() >= endMs;
    say(`torture of seed ${args.seed} for ${args.minutes} min, ${args.customers} customers`);
    const living = population.live(door).catch((error: unknown) => {
      failures.push(`a person could not go on: ${error instanceof Error ? error.stack : error}`);
    });
    await Promise.all([
      chaos.run(isOver),
      time.run(luck.of('time'), isOver),
      progress(
        say,
        isOver,
        () => `${site.clock.now().slice(0, 10)}, ${site.outside.calls.length} calls`,
      ),
    ]);
    if (isCalledOff()) return false;
    say('the faults stop');
    door.closeSoon();
    await site.heal();
    say('all processes are well again');
    const left = await comeToRest(site, time, door, REST_WITHIN_MS);
    if (left.length > 0) failures.push(`it did not come to rest:\n${left.join('\n')}`);
    void living;
    say(left.length > 0 ? 'not all is at rest' : 'all is at rest');
    const record = await recordOf(site, START, population.deeds);
    const differences = await judge(record, site.databases);
    const outcome: Outcome = { args, folder, record, tally: chaos.tally, failures, differences };
    for (const line of told(outcome)) say(line);
    return failures.length === 0 && differences.length === 0;
  } finally {
    time.stop();
    door.close();
    await site.close();
  }
}

const TELL_MS = 15_000;

async function progress(say: (text: string) => void, isOver: () => boolean, what: () => string) {
  for (let toldMs = Date.now(); !isOver(); await sleep(LOOK_MS)) {
    if (Date.now() - toldMs < TELL_MS) continue;
    say(what());
    toldMs = Date.now();
  }
}
