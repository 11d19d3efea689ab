import { parseArgs } from 'node:util';

export interface Arguments {
  readonly minutes: number;
  readonly seed: number;
  readonly customers: number;
}

/** Throws with a sentence for whoever typed it. */
export function readArguments(argv: readonly string[], anySeed: number): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(anySeed) },
      customers: { type: 'string', default: '40' },
    },
  });
  return {
    minutes: within('minutes', Number(values.minutes), 0.1, 600),
    seed: whole('seed', values.seed, 0, 2 ** 31),
    customers: whole('customers', values.customers, 1, 10_000),
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Error(`--${name} is a whole number`);
  return within(name, value, least, most);
}

function within(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new Error(`--${name} is a number from ${least} to ${most}`);
}
