import { parseArgs } from 'node:util';

/** Throws with a sentence for whoever typed it. */
export function readUpArguments(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      empty: { type: 'boolean', default: false },
      customers: { type: 'string', default: '20' },
      data: { type: 'string' },
    },
  });
  const customers = Number(values.customers);
  if (!Number.isInteger(customers) || customers < 1)
    throw new Error('--customers is a whole number');
  return { empty: values.empty, customers, data: values.data ?? null };
}
