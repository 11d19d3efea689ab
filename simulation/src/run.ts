import { Chance } from './chance';
import { type Fault, Faults } from './faults';
import { luckyWorld } from './lucky-world';
import { Actor } from './people/acting';
import { lifeOf } from './people/lives';
import { moodOf, refundMoodOf } from './people/mood';
import { openShop } from './people/shop';
import { Scheduler } from './scheduler';
import { SimulatedDoor } from './simulated-door';
import { World } from './world';

const DAY_MS = 86_400_000;
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

export interface RunResult {
  readonly steps: number;
  readonly digest: string;
  readonly struck: ReadonlyMap<Fault, number>;
  readonly world: World;
}

/** One seed, lived through: same seed, same history. */
export function run(options: RunOptions): Promise<RunResult> {
  const chance = new Chance(`seed ${options.seed}`);
  const startMs = EARLIEST_MS + chance.between(0, START_WITHIN_DAYS, 'start') * DAY_MS;
  const scheduler = new Scheduler(startMs);
  return luckyWorld(
    chance,
    () => scheduler.nowMs,
    () => live(options, chance, scheduler, startMs),
  );
}

async function live(
  { days, people, faults: enabled }: RunOptions,
  chance: Chance,
  scheduler: Scheduler,
  startMs: number,
): Promise<RunResult> {
  const window = { startMs, days };
  const lives = new Map(people.map((person) => [person, lifeOf(person, chance, window)]));
  const faults = new Faults(chance.of('faults'), enabled);
  const world = await World.open({
    ...{ scheduler, faults, chance: chance.of('world') },
    moods: {
      charge: (token, nth) => {
        const life = lives.get(personOf(token));
        const mood = life && moodOf(life, token, scheduler.nowMs, nth);
        return { declineCode: mood?.decline ?? null, pendingMs: mood?.pendingMs ?? 0 };
      },
      refund: (token, nth) => {
        const life = lives.get(personOf(token));
        return life ? refundMoodOf(life, token, nth) : { fails: false, pendingMs: 0 };
      },
      lags: (token, createdAt) => faults.strikes('enquiry lag', token, createdAt),
    },
  });
  const endMs = startMs + days * DAY_MS;
  world.healsAtMs = endMs;
  const book = { deeds: world.deeds, refusals: world.refusals };
  scheduler.spawn(async () => {
    const productIds = await openShop(new SimulatedDoor(world, 'the shop'));
    for (const [person, life] of lives) {
      const door = new SimulatedDoor(world, `person ${person}`);
      scheduler.spawn(() => new Actor(life, door, productIds, book).live());
    }
  });
  for (let day = 0; day < days; day += 1) {
    await world.dawn(day);
    await scheduler.runUntil(startMs + (day + 1) * DAY_MS, () => {});
  }
  world.heal();
  await scheduler.runUntil(endMs + AFTERMATH_DAYS * DAY_MS - 3_600_000, () => {});
  return { steps: scheduler.steps, digest: scheduler.digest(), struck: faults.struck, world };
}

function personOf(token: string): number {
  return Number(/(?:pm_p|ctp)(\d+)/.exec(token)?.[1] ?? -1);
}
