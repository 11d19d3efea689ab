import type { Fault } from './faults';
import type { Violation } from './invariant';
import { invariants } from './invariants';
import { Broken } from './judge';
import { type RunOptions, run, type Script, scriptOf, type Watched } from './run';
import { CRASHED } from './steady';
import { storyOf } from './story';

/** What is told of an invariant that does not hold. */
export interface Breach {
  readonly invariant: string;
  readonly meaning: string;
  readonly seed: number;
  readonly step: number;
  readonly day: string;
  readonly text: string;
  /** The last that happened around it, in order. */
  readonly story: readonly string[];
}

export interface Lived {
  readonly seed: number;
  readonly steps: number;
  readonly digest: string;
  readonly struck: Readonly<Partial<Record<Fault, number>>>;
  readonly charges: number;
  readonly seconds: number;
  readonly broken: Breach | null;
}

/** Lives a seed through and judges it. */
export function liveSeed(options: RunOptions): Promise<Lived> {
  return live(scriptOf(options));
}

export async function live(script: Script): Promise<Lived> {
  const startedMs = performance.now();
  const { seed } = script;
  let watched: Watched | undefined;
  let broken: Breach | null = null;
  try {
    await run(
      script,
      (world) => invariants(() => world.databases),
      (seen) => {
        watched = seen;
      },
    );
  } catch (error) {
    if (!watched) throw error;
    broken = await breachOf(error, seed, watched);
  }
  if (!watched) throw new Error('nothing was lived');
  const { scheduler, faults, world } = watched;
  const { aurora, borealis } = world.city.books;
  await world.close();
  return {
    ...{ seed, steps: scheduler.steps, digest: scheduler.digest(), broken },
    struck: Object.fromEntries(faults.struck),
    charges: aurora.charges.length + borealis.charges.length,
    seconds: (performance.now() - startedMs) / 1000,
  };
}

const MOST_SAID = 20;

function textOf(violations: readonly Violation[]): string {
  const more = violations.length - MOST_SAID;
  const said = violations.slice(0, MOST_SAID).map(({ text }) => text);
  return [...said, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

async function breachOf(
  error: unknown,
  seed: number,
  { world, scheduler }: Watched,
): Promise<Breach> {
  const { invariant, violations } =
    error instanceof Broken ? error : { invariant: CRASHED, violations: [] };
  const first = violations[0];
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    ...{ invariant: invariant.name, meaning: invariant.meaning, seed },
    ...{ step: scheduler.steps, day: scheduler.now().slice(0, 10) },
    text: first ? textOf(violations) : stack,
    story: await storyOf(world.record(), scheduler.happenings, first?.about ?? []),
  };
}
