import { openProvider } from '../open-provider';
import { Bench, type Lie } from './bench';
import type { Check, Checks } from './check';
import { charges } from './checks/charges';
import { keys } from './checks/keys';
import { lag } from './checks/lag';
import { lists } from './checks/lists';
import { pace } from './checks/pace';
import { refunds } from './checks/refunds';
import { sheet } from './checks/sheet';
import { webhooks } from './checks/webhooks';
import type { Harness } from './harness';
import { lieOf, lies } from './lies';
import type { Violations } from './violations';

const CHECKS: Checks = {
  ...{ ...charges, ...keys, ...lag, ...sheet },
  ...{ ...refunds, ...lists, ...pace, ...webhooks },
};

/**
 * All that must hold of a provider's adapter, against its simulator; and that the kit finds out each lie
 * of its sheet. Each adapter calls this from `conformance.test.ts` in its folder.
 */
export function describeConformance(harness: Harness): void {
  const { name } = harness.adapter;
  const applicable = Object.entries(CHECKS).filter(
    ([, { appliesTo }]) => appliesTo?.(harness) ?? true,
  );

  describe(name, () => {
    test.each(applicable)('%s', async (_, check) => {
      expect(await violationsOf(harness, check)).toEqual([]);
    });
  });

  const { sheet } = openProvider(harness.adapter, {
    http: { send: () => Promise.reject(new Error('nobody is asked')) },
    env: harness.billing('http://127.0.0.1:9'),
  });
  const untrue = Object.entries(lies).filter(([, told]) => told.of(sheet) !== null);

  describe(`a sheet of ${name} that lies`, () => {
    test.each(untrue)('%s', async (_, told) => {
      const check = CHECKS[told.foundOutBy];
      if (!check) throw new Error(`there is no check "${told.foundOutBy}"`);
      expect(await violationsOf(harness, check, lieOf(told))).not.toEqual([]);
    });
  });
}

async function violationsOf(harness: Harness, check: Check, lie?: Lie): Promise<Violations> {
  const { listening, silence } = check;
  const bench = await Bench.open(harness, { lie, listening, silence });
  try {
    return await check.run(bench);
  } finally {
    await bench.close();
  }
}
