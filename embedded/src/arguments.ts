import { parseArgs } from 'node:util';

export interface Arguments {
  /** End after the story. */
  readonly exit: boolean;
  /** Tell no story. */
  readonly empty: boolean;
  readonly customers: number;
  readonly days: number;
  readonly seed: number;
  /** Null: a temporary folder. */
  readonly data: string | null;
  /** A fault to slip in, to see that the comparison finds it. */
  readonly plant: Plant | null;
}

export const PLANTS = ['second-charge', 'lost-cycle'] as const;
export type Plant = (typeof PLANTS)[number];

/** Throws with a sentence for whoever typed it. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      exit: { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
      customers: { type: 'string', default: '300' },
      days: { type: 'string', default: '365' },
      seed: { type: 'string', default: '1' },
      data: { type: 'string' },
      plant: { type: 'string' },
    },
  });
  const plant = PLANTS.find((name) => name === values.plant);
  if (values.plant !== undefined && !plant) {
    throw new Error(`--plant is one of ${PLANTS.join(', ')}`);
  }
  return {
    exit: values.exit,
    empty: values.empty,
    customers: whole('customers', values.customers, 1, 100_000),
    days: whole('days', values.days, 40, 3650),
    seed: whole('seed', values.seed, 0, 2 ** 31),
    data: values.data ?? null,
    plant: plant ?? null,
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} is a whole number from ${least} to ${most}`);
}
