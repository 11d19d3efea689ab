import { msOf } from '@perennial/calendar';
import type { RunRecord } from '../record';
import type { Arguments } from './arguments';
import type { Difference } from './verdict';

export interface Outcome {
  readonly args: Arguments;
  readonly folder: string;
  readonly record: RunRecord;
  readonly tally: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
  readonly differences: readonly Difference[];
}

const DAY_MS = 86_400_000;

/** What happened, and what did not hold, in lines. */
export function told({ args, folder, record, tally, failures, differences }: Outcome): string[] {
  const wrong = failures.length + differences.length;
  const repeat = `npm run torture -- --minutes ${args.minutes} --seed ${args.seed} --customers ${args.customers}`;
  return [
    '',
    ...counts(record).map(([what, count]) => `${String(count).padStart(8)}  ${what}`),
    ...[...tally].sort().map(([what, count]) => `${String(count).padStart(8)}  ${what}`),
    ...failures.flatMap((failure) => ['', `FAILED: ${failure}`]),
    ...differences.flatMap(({ name, meaning, text, story }) => [
      '',
      `BROKEN: ${name}: ${meaning}`,
      `  ${text}`,
      ...story.map((line) => `    ${line}`),
    ]),
    '',
    wrong === 0 ? 'no difference' : `${wrong} broken; logs and faults are in ${folder}`,
    `the same again: ${repeat}`,
  ];
}

function counts({ startedAt, now, deeds, calls, mails, books }: RunRecord): [string, number][] {
  const charges = Object.values(books).flatMap((book) => book.charges);
  const refunds = Object.values(books).flatMap((book) => book.refunds);
  return [
    ['simulated days', Math.round((msOf(now) - msOf(startedAt)) / DAY_MS)],
    ['customers', deeds.filter(({ kind }) => kind === 'registered').length],
    ['things that people did', deeds.length],
    ['calls of providers', calls.length],
    ['of which were not heard', calls.filter(({ heard }) => !heard).length],
    ['charges that took money', charges.filter(({ status }) => status === 'succeeded').length],
    ['charges that were declined', charges.filter(({ status }) => status === 'failed').length],
    ['refunds', refunds.length],
    ['mails', mails.length],
  ];
}
