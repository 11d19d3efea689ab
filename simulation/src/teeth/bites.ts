import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyRepository } from './copy';
import { plant } from './plant';
import { type Extent, type Outcome, simulate } from './simulate';
import type { Tooth } from './tooth';

export interface Bite {
  readonly tooth: Tooth;
  readonly outcome: Outcome;
  readonly seconds: number;
}

const AT_ONCE = 2;

/**
 * Plants each fault in a copy of the sources and simulates that. The copies are used again, under the
 * same names, because tsx keeps what it has transpiled by the path of a file.
 */
export async function bites(
  teeth: readonly Tooth[],
  options: { readonly root: string; readonly extent: Extent; readonly signal: AbortSignal },
  told: (bite: Bite) => void,
): Promise<Bite[]> {
  const waiting = [...teeth];
  const done: Bite[] = [];
  const work = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'perennial-tooth-'));
    try {
      copyRepository(options.root, folder);
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const bite = await biteOf(next, folder, options.extent, options.signal);
        if (options.signal.aborted) return;
        done.push(bite);
        told(bite);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, teeth.length) }, work));
  return done;
}

async function biteOf(
  tooth: Tooth,
  folder: string,
  extent: Extent,
  signal: AbortSignal,
): Promise<Bite> {
  const began = performance.now();
  const pull = plant(tooth, folder);
  const outcome = await simulate(folder, extent, signal);
  pull();
  return { tooth, outcome, seconds: (performance.now() - began) / 1000 };
}
