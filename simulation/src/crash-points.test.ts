import { bordersOf, FLOWS, killedAt } from './crash-points';

/**
 * How many durable borders each flow has. A new one is a new place to die at: look at it, see it green,
 * and count it here.
 */
const COUNTED: Readonly<Record<string, number>> = {
  'aurora: a charge, its webhook and its mail': 45,
  'aurora: a charge that is told by webhook only': 59,
  'aurora: a decline and its mail': 47,
  'aurora: a refund and its mail': 49,
  'aurora: a refund in the dashboard': 31,
  'aurora: a cancellation at once': 20,
  'aurora: a cancellation that takes effect': 32,
  'aurora: a lost card and its mail': 39,
  'borealis: a charge, its webhook and its mail': 50,
  'borealis: a charge that is told by webhook only': 64,
  'borealis: a decline and its mail': 52,
  'borealis: a refund and its mail': 52,
  'borealis: a refund in the dashboard': 34,
  'borealis: a cancellation at once': 20,
  'borealis: a cancellation that takes effect': 32,
  'borealis: a lost card and its mail': 42,
};

describe.each(FLOWS.map((flow) => [flow.provider, flow.name, flow] as const))(
  '%s: %s',
  (provider, name, flow) => {
    test('killed at each of its borders, what was owed, charged and told is right in the end', async () => {
      const borders = await bordersOf(flow);
      expect(borders).toHaveLength(COUNTED[`${provider}: ${name}`] ?? 0);
      const broken: string[] = [];
      for (const [number, { name: border, side }] of borders.entries()) {
        const lived = await killedAt(flow, number);
        if (lived.broken) broken.push(`${side} ${border}: ${lived.broken.text}`);
      }
      expect(broken).toEqual([]);
    }, 120_000);
  },
);
