import { Chance } from './chance';
import { closeTheBooks } from './closing';
import { Drama } from './drama';
import { type Fault, Faults } from './faults';
import type { Invariant } from './invariant';
import { Broken, Judge } from './judge';
import { luckyWorld } from './lucky-world';
import { moodsOf } from './moods';
import { Actor } from './people/acting';
import type { Life } from './people/life';
import { lifeOf } from './people/lives';
import { openShop } from './people/shop';
import type { Border } from './replica';
import { Scheduler } from './scheduler';
import { SimulatedDoor } from './simulated-door';
import { RESTLESS, UNANSWERED } from './steady';
import { dawn } from './troubles';
import { World } from './world';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Everything that is pending, unknown or held back has come to an end by then. */
const AFTERMATH_DAYS = 10;
const EARLIEST_MS = Date.parse('2025-10-01T00:00:00Z');
const START_WITHIN_DAYS = 800;

export interface RunOptions {
  readonly seed: number;
  readonly days: number;
  /** Who lives in it, by number. */
  readonly people: readonly number[];
  readonly faults: ReadonlySet<Fault>;
}

/** Of what a run consists. */
export interface Script {
  readonly seed: number;
  readonly startMs: number;
  readonly days: number;
  readonly lives: ReadonlyMap<number, Life>;
  readonly faults: ReadonlySet<Fault>;
  /** How many processes of each service. */
  readonly replicas: number;
  /** Told of each border that a process comes to, and when; true kills it there. */
  readonly atBorder?: (border: Border, atMs: number) => boolean;
}

export interface Watched {
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
}

/** From which all that a seed decides is drawn. */
function chanceOf(seed: number): Chance {
  return new Chance(`seed ${seed}`);
}

export function scriptOf({ seed, days, people, faults }: RunOptions): Script {
  const chance = chanceOf(seed);
  const startMs = EARLIEST_MS + chance.between(0, START_WITHIN_DAYS, 'start') * DAY_MS;
  const lives = people.map(
    (person) => [person, lifeOf(person, chance, { startMs, days })] as const,
  );
  return { seed, startMs, days, faults, lives: new Map(lives), replicas: 2 };
}

/**
 * Lives a script through: same script, same history. Throws what is broken when it is; `watch` is told
 * of the world at its beginning, so that whoever catches that can look into it.
 */
export function run(
  script: Script,
  invariants: (world: World) => readonly Invariant[],
  watch: (watched: Watched) => void,
): Promise<void> {
  const chance = chanceOf(script.seed);
  const scheduler = new Scheduler(script.startMs);
  const { lives, replicas, atBorder } = script;
  const living = async () => {
    const drama = new Drama(lives.values(), () => scheduler.nowMs);
    const faults = new Faults(chance.of('faults'), script.faults, drama);
    const world = await World.open({
      ...{ scheduler, faults, replicas, chance: chance.of('world') },
      // The bank's books every morning are a good part of all that happens: not in every seed.
      reconciles: chance.is(0.15, 'reconciles'),
      moods: moodsOf(
        lives.values(),
        () => scheduler.nowMs,
        (token, createdAt) => faults.strikes('enquiry lag', token, createdAt),
      ),
      ...(atBorder && { atBorder: (border) => atBorder(border, scheduler.nowMs) }),
    });
    watch({ world, scheduler, faults });
    const judge = new Judge(invariants(world));
    openDoors(world, lives);
    await pass(world, script, judge);
  };
  return luckyWorld(chance, () => scheduler.nowMs, living);
}

function openDoors(world: World, lives: ReadonlyMap<number, Life>): void {
  const { scheduler } = world.options;
  const book = { deeds: world.deeds, refusals: world.refusals };
  scheduler.spawn(async () => {
    const productIds = await openShop(new SimulatedDoor(world, 'the shop'));
    for (const [person, life] of lives) {
      const door = new SimulatedDoor(world, `person ${person}`);
      scheduler.spawn(() => new Actor(life, door, productIds, book).live());
    }
  });
}

/** Far more than any day has: what is still busy then never comes to rest. */
const STEPS_A_DAY = 60_000;

async function pass(world: World, { startMs, days }: Script, judge: Judge): Promise<void> {
  const { scheduler } = world.options;
  let tired = 0;
  const afterEach = () => {
    if (scheduler.steps > tired) throw new Broken(RESTLESS, []);
    return judge.always(world);
  };
  const endMs = startMs + days * DAY_MS;
  world.healsAtMs = endMs;
  for (let day = 0; day < days; day += 1) {
    dawn(world, day);
    tired = scheduler.steps + STEPS_A_DAY;
    await scheduler.runUntil(startMs + (day + 1) * DAY_MS, afterEach);
  }
  world.heal();
  tired = scheduler.steps + AFTERMATH_DAYS * STEPS_A_DAY;
  const lastMs = endMs + AFTERMATH_DAYS * DAY_MS - HOUR_MS;
  await scheduler.runUntil(lastMs - DAY_MS, afterEach);
  scheduler.spawn(() => closeTheBooks(world));
  await scheduler.runUntil(lastMs, afterEach);
  const left = [...world.unanswered].map((text) => ({ text, about: [] }));
  if (left.length > 0) throw new Broken(UNANSWERED, left);
  await judge.atRest(world.record());
}
