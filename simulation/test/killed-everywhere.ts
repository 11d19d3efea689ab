import { bordersOf, FLOWS, killedAt } from '../src/crash-points';
import type { ProviderName } from '../src/record';

/**
 * Of all flows with this provider. `counted`: how many durable borders each has. A new one is a new place
 * to die at: look at it, see it green, and count it there.
 */
export function killedEverywhere(
  provider: ProviderName,
  counted: Readonly<Record<string, number>>,
): void {
  const flows = FLOWS.filter((flow) => flow.provider === provider);
  describe.each(flows.map((flow) => [flow.name, flow] as const))('%s', (name, flow) => {
    test('killed at each of its borders, what was owed, charged and told is right in the end', async () => {
      const borders = await bordersOf(flow);
      expect(borders).toHaveLength(counted[name] ?? 0);
      const broken: string[] = [];
      for (const [number, { name: border, side }] of borders.entries()) {
        const lived = await killedAt(flow, number);
        if (lived.broken) broken.push(`${side} ${border}: ${lived.broken.text}`);
      }
      expect(broken).toEqual([]);
    }, 120_000);
  });
}
