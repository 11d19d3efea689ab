import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Listed } from '../src/providers/provider';
import { ListingProvider } from './listing-provider';
import { insertCharges, ordered, ReconcilerByHand, stateOf } from './reconciler';
import { NOON, runBilling } from './running-billing';

const PER_PAGE = 100;
const PER_INSERT = 5_000;
const SAMPLES = 20;

/** What they show is made up page by page, as if read from the wire: nobody holds it. */
function page(number: number): Listed[] {
  return Array.from({ length: PER_PAGE }, (_, n): Listed => {
    const id = idOf(number * PER_PAGE + n);
    const amount = { amountMinor: 1250, currency: 'GBP' };
    const evidence = { outcome: 'succeeded' as const, providerReference: `t-${id}` };
    return { kind: 'charge', providerReference: `t-${id}`, reference: `r-${id}`, amount, evidence };
  });
}

function idOf(number: number): string {
  return String(number).padStart(8, '0');
}

export interface Measured {
  readonly compared: number;
  readonly seconds: number;
  /** Of the heap after collecting what nobody holds, in MB, from the beginning to the end. */
  readonly heapMb: readonly number[];
  /** What is still remembered of the payments. */
  readonly left: number;
}

/** Reconciles a day of so many payments, all of them known on both sides. */
export async function measured(databaseUrl: string, payments: number): Promise<Measured> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heapMb: number[] = [];
  const running = await runBilling(databaseUrl);
  // The harness keeps every statement for tests to look at: here that would be what grows.
  const forget = () => running.statements.splice(0);
  for (let first = 0; first < payments; first += PER_INSERT) {
    const count = Math.min(PER_INSERT, payments - first);
    const charges = Array.from({ length: count }, (_, n) => ({ id: idOf(first + n) }));
    await insertCharges(running, charges);
    forget();
  }
  const pages = payments / PER_PAGE;
  const provider = new ListingProvider(running.clock, pages, page);
  provider.before = async (number) => {
    if (Number(number) % Math.ceil(pages / SAMPLES) !== 0) return;
    forget();
    collect();
    heapMb.push(Math.round(process.memoryUsage().heapUsed / 100_000) / 10);
  };
  const id = await ordered(running);
  const begun = performance.now();
  await new ReconcilerByHand(running, provider).until(NOON);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  collect();
  heapMb.push(Math.round(process.memoryUsage().heapUsed / 100_000) / 10);
  const { compared } = await stateOf(running, id);
  const sql = 'SELECT COUNT(*) AS matches FROM reconciliation_matches';
  const [row] = await running.db.transaction((tx) => tx.select(sql));
  await running.stop();
  return { compared, seconds, heapMb, left: Number(row?.['matches']) };
}
