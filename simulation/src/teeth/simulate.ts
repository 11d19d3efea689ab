import { spawn } from 'node:child_process';
import { z } from 'zod';

const Verdict = z.object({
  broken: z
    .object({
      invariant: z.string(),
      seed: z.number(),
      step: z.number(),
      day: z.string(),
      text: z.string(),
    })
    .nullable(),
});
export type Broken = NonNullable<z.output<typeof Verdict>['broken']>;

/** `failed`: it ended without a word that we understand. */
export type Outcome =
  | { readonly outcome: 'broken'; readonly broken: Broken }
  | { readonly outcome: 'whole' }
  | { readonly outcome: 'failed'; readonly detail: string };

const SIMULATE = ['--conditions=@perennial/source', '--import', 'tsx', 'simulation/src/main.ts'];
/** A fault that never lets a step end must not hold up the others. */
const LONGEST_MS = 15 * 60_000;
const KEPT_CHARACTERS = 20_000;

/** How much is lived: as the simulation's own arguments say it. */
export interface Extent {
  readonly seeds: number;
  readonly days: string;
  readonly customers: string;
}

/** Runs the simulation of the sources in this folder until an invariant is broken. */
export function simulate(
  folder: string,
  { seeds, days, customers }: Extent,
  signal: AbortSignal,
): Promise<Outcome> {
  const extent = ['--seeds', `1..${seeds}`, '--days', days, '--customers', customers];
  const args = [...SIMULATE, ...extent, '--jobs', '1', '--stop-at-first', '--json'];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      // By SIGTERM, on which it ends its own processes too.
      ...{ cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], signal, timeout: LONGEST_MS },
    });
    let [said, complained] = ['', ''];
    child.stdout.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-KEPT_CHARACTERS);
    });
    child.stderr.on('data', (chunk) => {
      complained = `${complained}${chunk}`.slice(-KEPT_CHARACTERS);
    });
    // Also when it is stopped: `close` follows.
    child.on('error', (error) => {
      complained += error.message;
    });
    child.on('close', (_, killedBy) => resolve(outcomeOf(said, killedBy ?? complained)));
  });
}

function outcomeOf(said: string, complained: string): Outcome {
  try {
    const { broken } = Verdict.parse(JSON.parse(said.trimEnd().split('\n').at(-1) ?? ''));
    return broken ? { outcome: 'broken', broken } : { outcome: 'whole' };
  } catch {
    return { outcome: 'failed', detail: complained.trim() };
  }
}
