import fc from 'fast-check';
import { carryOut } from '../../test/any-order/any-order';
import { type History, HOUR, history, MINUTE } from '../../test/any-order/history';
import { Tally } from '../../test/any-order/tally';
import { sheet } from '../../test/one-customer';

/** As many for each provider. `PROPERTY_SEED` repeats a run, `PROPERTY_RUNS` makes it longer. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 4_000);
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

const sheets = {
  aurora: { ...sheet, keyLifetimeMs: 24 * HOUR, enquiryLagMs: 0 },
  borealis: { ...sheet, keyLifetimeMs: null, enquiryLagMs: 30_000 },
  /** Keys that end soon, and enquiries that lag for long. */
  elsewhere: { ...sheet, keyLifetimeMs: 2 * HOUR, enquiryLagMs: 15 * MINUTE },
};

describe('Whatever comes, in any order, twice or never, the money ends where the evidence says', () => {
  test.each(['aurora', 'borealis', 'elsewhere'])(
    'with the sheet of %s',
    (home) => {
      const tally = new Tally();
      const property = fc.property(history, (drawn) =>
        tally.count(carryOut(drawn, { home, sheets })),
      );
      const result = fc.check(property, { numRuns, seed });
      process.stdout.write(`any order, ${home}: seed ${seed}, ${result.numRuns} cases\n`);
      if (result.failed) throw new Error(reportOf(home, result));
      if (numRuns >= 1_000) expect(tally.missing).toEqual([]);
    },
    Math.max(60_000, 60 * numRuns),
  );
});

/** The shrunken history, and what happens in it. */
function reportOf(home: string, { numRuns, counterexample }: fc.RunDetails<[History]>): string {
  const [drawn] = counterexample ?? [];
  const facts = [`PROPERTY_SEED=${seed}, ${home}, after ${numRuns} cases`, JSON.stringify(drawn)];
  try {
    if (drawn) carryOut(drawn, { home, sheets, traced: true });
  } catch (error) {
    facts.push(error instanceof Error ? error.message : String(error));
  }
  return facts.join('\n');
}
