import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { teeth } from '../teeth/all';
import { type Bite, bites } from './teeth/bites';
import { HEADING, row } from './teeth/report';
import type { Tooth } from './teeth/tooth';

const root = join(__dirname, '../..');
const print = (text: string) => void process.stdout.write(text);

/** What every tooth has to differ from: the same seeds, and nothing planted. */
const SOUND: Tooth = { name: '(nothing planted)', story: 'Nothing is wrong.', edits: [] };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      seeds: { type: 'string', default: '40' },
      days: { type: 'string', default: '400' },
      customers: { type: 'string', default: '25' },
    },
  });
  const { only, days, customers } = values;
  const chosen = teeth.filter(({ name }) => !only || only.includes(name));
  const strange = only?.filter((name) => !teeth.some((tooth) => tooth.name === name)) ?? [];
  const most = Number(values.seeds);
  if (strange.length > 0 || !Number.isSafeInteger(most) || most < 1) {
    process.stderr.write(
      `usage: [--only <tooth>]… [--seeds <most>] [--days 400] [--customers 25]\n${names()}\n`,
    );
    return 2;
  }
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopping.abort());
  const told = ({ tooth, outcome, seconds }: Bite) => print(row(tooth, outcome, seconds));

  print(HEADING);
  const { signal } = stopping;
  const found = await bites(
    chosen,
    { root, signal, extent: { seeds: most, days, customers } },
    told,
  );
  const seeds = Math.max(1, ...found.map(seedOf));
  const [sound] = await bites([SOUND], { root, signal, extent: { seeds, days, customers } }, told);
  return signal.aborted ? 130 : verdict(found, sound);
}

function seedOf({ outcome }: Bite): number {
  return outcome.outcome === 'broken' ? outcome.broken.seed : 0;
}

function verdict(found: readonly Bite[], sound: Bite | undefined): number {
  const missed = found.filter(({ outcome }) => outcome.outcome !== 'broken');
  print(`\n${found.length - missed.length} of ${found.length} planted faults were caught.\n`);
  for (const { tooth } of missed) print(`NOT CAUGHT  ${tooth.name}: ${tooth.story}\n`);
  const isSound = sound?.outcome.outcome === 'whole';
  if (!isSound) print('Without any fault planted it breaks as well: the table says nothing.\n');
  return missed.length === 0 && isSound ? 0 : 1;
}

function names(): string {
  return teeth.map(({ name, story }) => `  ${name.padEnd(34)}${story}`).join('\n');
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
