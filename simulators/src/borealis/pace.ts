import { type Clock, type Instant, msOf } from '@perennial/calendar';

/** A bucket of one second's calls, which fills by the clock. */
export class Pace {
  private calls = 0;
  private filledAt: Instant;

  /** `perSecond` null: any number. */
  constructor(
    private readonly perSecond: number | null,
    private readonly clock: Clock,
  ) {
    this.filledAt = clock.now();
    this.clear();
  }

  /** Takes one call; if there is none, how many whole seconds to wait for it. */
  take(): number {
    if (this.perSecond === null) return 0;
    this.fill(this.perSecond);
    if (this.calls < 1) return Math.ceil((1 - this.calls) / this.perSecond);
    this.calls -= 1;
    return 0;
  }

  clear(): void {
    this.calls = Math.max(1, this.perSecond ?? 0);
    this.filledAt = this.clock.now();
  }

  private fill(perSecond: number): void {
    const now = this.clock.now();
    const passedS = (msOf(now) - msOf(this.filledAt)) / 1000;
    this.calls = Math.min(Math.max(1, perSecond), this.calls + passedS * perSecond);
    this.filledAt = now;
  }
}
