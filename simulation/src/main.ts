import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type Asked, parseArguments, USAGE } from './arguments';
import { Crew } from './crew';
import { invariants } from './invariants';
import { breach, commandOf, line, listing, totals } from './report';
import type { RunOptions } from './run';
import type { Lived } from './seed';
import { shrink } from './shrink';
import { STEADY } from './steady';

const print = (text: string) => void process.stdout.write(text);

const noDatabases = () => {
  throw new Error('nothing is judged here');
};

async function main(): Promise<number> {
  const asked = understood();
  if (!asked) return 2;
  if (asked.lists) {
    print(listing([...invariants(noDatabases), ...STEADY]));
    return 0;
  }
  const crew = new Crew(asked.jobs);
  const startedMs = performance.now();
  const lived: Lived[] = [];
  const tellTotals = () => print(totals(lived, asked, (performance.now() - startedMs) / 1000));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      crew.end();
      if (lived.length > 0) tellTotals();
      process.exit(130);
    });
  }
  await crew.live(ordersOf(asked), (one) => {
    lived.push(one);
    print(line(one));
    if (one.broken) print(breach(one.broken, asked));
    return !(one.broken && asked.stopsAtFirst);
  });
  tellTotals();
  const broken = lived
    .flatMap((one) => one.broken ?? [])
    .sort((one, other) => one.seed - other.seed);
  if (broken[0] && asked.shrinks) await shrinkAndTell(asked, broken[0].seed, broken[0].invariant);
  if (asked.json) {
    const { story: _, ...first } = broken[0] ?? { story: [] };
    print(`${JSON.stringify({ broken: broken[0] ? first : null, seeds: lived.length })}\n`);
  }
  return broken.length === 0 ? 0 : 1;
}

function understood(): Asked | null {
  try {
    return parseArguments(
      process.argv.slice(2),
      () => randomInt(1, 2 ** 31),
      availableParallelism(),
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return null;
  }
}

function ordersOf({ seeds, days, people, faults }: Asked): RunOptions[] {
  return seeds.map((seed) => ({ seed, days, people, faults }));
}

async function shrinkAndTell(asked: Asked, seed: number, invariant: string): Promise<void> {
  const { days, people, faults } = asked;
  let last: Lived | undefined;
  const live = async (options: RunOptions): Promise<Lived> => {
    let lived: Lived | undefined;
    await new Crew(1).live([options], (one) => {
      lived = one;
      return true;
    });
    if (!lived) throw new Error('the seed was not lived');
    if (lived.broken) last = lived;
    return lived;
  };
  print(`\nMaking seed ${seed} smaller\n`);
  const small = await shrink({ options: { seed, days, people, faults }, invariant }, live, (text) =>
    print(`  ${text}\n`),
  );
  if (last?.broken) print(breach(last.broken, { ...asked, ...small }));
  print(`\nSmallest:\n  ${commandOf(seed, small)}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
