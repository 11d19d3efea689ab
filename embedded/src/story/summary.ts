import { z } from 'zod';
import { all, type BilledPayment } from './billed';
import type { Client } from './client';
import type { Comparison } from './comparison';
import type { ToldSubscription } from './script';

/** What happened, in numbers that are counted from the services' own answers. */
export async function summarize(
  client: Client,
  told: readonly ToldSubscription[],
  billed: readonly BilledPayment[],
): Promise<string[]> {
  const mails = await all(
    client,
    'notifications',
    '/mails',
    z.object({ kind: z.string(), status: z.string() }),
  );
  const deliveries = await all(client, 'webhooks', '/deliveries', z.object({ status: z.string() }));
  const trouble = await all(client, 'billing', '/discrepancies', z.object({ kind: z.string() }));
  const attempts = billed.flatMap((payment) => payment.attempts);
  const customers = new Set(told.map(({ person }) => person));
  return [
    line('customers', customers.size, counted([...customers].map(({ fate }) => fate))),
    line('subscriptions', told.length, counted(told.map(({ planned }) => planned.interval))),
    line('payments', billed.length, counted(billed.map(({ status }) => status))),
    line('providers', billed.length, counted(billed.map(({ provider }) => provider))),
    line('attempts', attempts.length, counted(attempts.map(({ status }) => status))),
    line(
      'settled by',
      attempts.length,
      counted(attempts.map(({ settledBy }) => settledBy ?? 'nobody yet')),
    ),
    line('refunds', ...refundsOf(billed)),
    line('webhooks', deliveries.length, counted(deliveries.map(({ status }) => status))),
    line('mails', mails.length, counted(mails.map(({ kind, status }) => `${kind} ${status}`))),
    line('discrepancies', trouble.length, counted(trouble.map(({ kind }) => kind))),
  ];
}

function refundsOf(billed: readonly BilledPayment[]): [number, string] {
  const refunds = billed.flatMap((payment) => payment.refunds);
  return [refunds.length, counted(refunds.map(({ origin, status }) => `${origin} ${status}`))];
}

export function comparisonLines(comparison: Comparison): string[] {
  const { charges, cycles, open, chargedTwice, forgotten, differing } = comparison;
  return [
    `Compared with the providers' ledgers: ${charges} charges, ${cycles} cycles due (${open} too late to judge)`,
    ...found('charged twice', chargedTwice),
    ...found('forgotten', forgotten),
    ...found('differing', differing),
  ];
}

const SHOWN = 5;

function found(name: string, cases: readonly string[]): string[] {
  const more = cases.length > SHOWN ? [`    … and ${cases.length - SHOWN} more`] : [];
  return [
    `  ${name.padEnd(14)} ${cases.length}`,
    ...cases.slice(0, SHOWN).map((one) => `    ${one}`),
    ...more,
  ];
}

function line(name: string, total: number, detail: string): string {
  return `  ${name.padEnd(14)} ${String(total).padStart(6)}  ${detail}`;
}

function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ');
}
