import type { Moods } from './moods';
import {
  type ChargeFate,
  chargeFate,
  type Manner,
  mannerOf,
  type RefundFate,
  refundFate,
  type Words,
  wordsOf,
} from './token';

interface Used {
  charges: number;
  chargeCalls: number;
  refundCalls: number;
}

/** What was asked of each card so far, because some words of its token are about the first times only. */
export class Cards<A extends string, R extends string> {
  private readonly used = new Map<string, Used>();

  constructor(
    private readonly words: Words<A, R>,
    private readonly moods?: Moods,
  ) {}

  charge(token: string, faults: ReadonlySet<string>): ChargeFate & Manner<A, R> {
    const used = this.usedOf(token);
    const fate = chargeFate(token, used.charges, faults);
    const calls = used.chargeCalls;
    const manner = mannerOf(this.words, wordsOf(token).charge, { calls, faults });
    used.chargeCalls += 1;
    if (manner.refusal === null) used.charges += 1;
    const mood = this.moods?.charge(token, used.charges - 1);
    return { ...fate, ...manner, ...(mood && { ...mood, pending: mood.pendingMs > 0 }) };
  }

  refund(token: string, faults: ReadonlySet<string>): RefundFate & Manner<A, R> {
    const used = this.usedOf(token);
    const calls = used.refundCalls;
    const manner = mannerOf(this.words, wordsOf(token).refund, { calls, faults });
    used.refundCalls += 1;
    const mood = this.moods?.refund(token, calls);
    const fate = refundFate(token, faults);
    return { ...fate, ...manner, ...(mood && { ...mood, pending: mood.pendingMs > 0 }) };
  }

  clear(): void {
    this.used.clear();
  }

  private usedOf(token: string): Used {
    const used = this.used.get(token) ?? { charges: 0, chargeCalls: 0, refundCalls: 0 };
    this.used.set(token, used);
    return used;
  }
}
