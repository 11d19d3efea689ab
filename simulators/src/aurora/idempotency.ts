import { type Clock, type Instant, msOf } from '@perennial/calendar';
import type { Answer } from '../giving';

const KEPT_MS = 24 * 3_600_000;

type Kept =
  | { readonly body: string; readonly at: Instant; readonly answer: null }
  | { readonly body: string; readonly at: Instant; readonly answer: Answer };

/** The first answer of each key, for 24 hours from its request; 400s are not kept. */
export class IdempotencyKeys {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly clock: Clock) {}

  /** `new`: go on, the key is taken now. */
  take(key: string, body: string): 'new' | 'in progress' | 'other body' | Answer {
    const known = this.kept.get(key);
    const isOld = known && msOf(this.clock.now()) - msOf(known.at) >= KEPT_MS;
    if (!known || isOld) {
      this.kept.set(key, { body, at: this.clock.now(), answer: null });
      return 'new';
    }
    if (known.body !== body) return 'other body';
    return known.answer ?? 'in progress';
  }

  keep(key: string, answer: Answer): void {
    const known = this.kept.get(key);
    if (known) this.kept.set(key, { ...known, answer });
  }

  forget(key: string): void {
    this.kept.delete(key);
  }

  clear(): void {
    this.kept.clear();
  }
}
