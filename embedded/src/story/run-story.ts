import { verifyAudit } from '@perennial/audit';
import { rebuildDiff } from '@perennial/billing';
import { msOf } from '@perennial/calendar';
import type { EmbeddedSystem } from '../system';
import { billedPayments } from './billed';
import type { Client } from './client';
import { compare } from './comparison';
import { expectedCycles } from './expectation';
import { Progress } from './progress';
import { comparisonLines, summarize } from './summary';
import { type StoryOptions, tellStory } from './tell';

/** Tells the story, says what happened, and compares it with the ledger. Answers the exit code. */
export async function runStory(
  system: EmbeddedSystem,
  client: Client,
  options: StoryOptions,
  say: (line: string) => void,
): Promise<number> {
  const progress = new Progress(options.days);
  say(
    `A shop of ${options.customers} customers lives through ${options.days} days (seed ${options.seed})`,
  );
  const told = await tellStory(system, client, options, (day) => progress.show(day));
  progress.end();

  const billed = await billedPayments(client);
  say('What happened');
  for (const line of await summarize(client, told, billed)) say(line);
  const auditIsWell = await tellAudit(system, say);
  const ledger = system.simulators.ledger();
  if (!ledger) {
    say('Somebody else’s provider was spoken to: there is no ledger to compare with');
    return auditIsWell ? 0 : 1;
  }
  const endMs = msOf(system.clock.now());
  const expected = told.flatMap((one) => expectedCycles(one, endMs));
  const comparison = compare(ledger, billed, expected);
  for (const line of comparisonLines(comparison)) say(line);
  const { chargedTwice, forgotten, differing } = comparison;
  return chargedTwice.length + forgotten.length + differing.length === 0 && auditIsWell ? 0 : 1;
}

/** The chain, and whether the tables are what it says. */
async function tellAudit(
  { databases: { billing } }: EmbeddedSystem,
  say: (line: string) => void,
): Promise<boolean> {
  const sealed = await verifyAudit(billing);
  const { entities, differences } = await rebuildDiff(billing);
  const chain = sealed.ok ? 'chain whole' : `chain broken at ${sealed.firstBadEntry}`;
  const rebuilt = `${entities} entities rebuilt, ${differences.length} differ`;
  say(
    `  ${'audit entries'.padEnd(14)} ${String(sealed.entries).padStart(6)}  ${chain}, ${rebuilt}`,
  );
  for (const line of differences.slice(0, 5)) say(`    ${line}`);
  return sealed.ok && differences.length === 0;
}
