import type { Outcome } from './simulate';
import type { Tooth } from './tooth';

const WIDTHS = { name: 34, seed: 6, steps: 9, invariant: 40 };

export const HEADING = line('tooth', 'seed', 'steps', 'invariant', 'seconds');

/** One row of the table. */
export function row({ name }: Pick<Tooth, 'name'>, outcome: Outcome, seconds: number): string {
  const time = seconds.toFixed(1);
  switch (outcome.outcome) {
    case 'broken': {
      const { seed, step, invariant } = outcome.broken;
      return line(name, String(seed), String(step), invariant, time);
    }
    case 'whole':
      return line(name, '-', '-', 'none is broken', time);
    case 'failed':
      return `${line(name, '-', '-', 'ended without a result', time)}${outcome.detail}\n`;
  }
}

function line(name: string, seed: string, steps: string, invariant: string, seconds: string) {
  const left = name.padEnd(WIDTHS.name) + seed.padStart(WIDTHS.seed) + steps.padStart(WIDTHS.steps);
  return `${left}  ${invariant.padEnd(WIDTHS.invariant)}${seconds.padStart(8)}\n`;
}
