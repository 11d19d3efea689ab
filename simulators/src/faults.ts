import { Random } from './random';

export const FAULTS = [
  'hang',
  'reset_after',
  '500_after',
  '503_before',
  '429',
  'html',
  'truncated',
  'no_webhook',
  'dup_webhook',
  'webhook_first',
] as const;
export type Fault = (typeof FAULTS)[number];

export type Rates<F extends string> = Readonly<Partial<Record<F, number>>>;

/** Faults that strike at random, each by its own rate from 0 to 1, the same way again under the same seed. */
export class RandomFaults<F extends string> {
  private random = new Random(0);
  private rates = new Map<F, number>();

  constructor(private readonly words: readonly F[]) {}

  set(seed: number, rates: Rates<F>): void {
    this.random = new Random(seed);
    this.rates = new Map(this.words.map((word) => [word, rates[word] ?? 0]));
  }

  /** From now on somebody else says what strikes. */
  strikeBy(strikes: () => ReadonlySet<F>): void {
    this.strike = strikes;
  }

  clear(): void {
    this.rates.clear();
  }

  strike(): ReadonlySet<F> {
    return new Set(this.words.filter((word) => (this.rates.get(word) ?? 0) > this.random.next()));
  }
}
