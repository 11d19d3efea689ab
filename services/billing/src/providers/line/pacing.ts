import { addMs, type Clock, type Instant, instantOfMs, msOf } from '@perennial/calendar';
import type { Pace } from '../provider';

/** What may be saved up while nothing is called, in seconds of the rate. */
const BURST_S = 1;

/**
 * A bucket of calls that fills by our clock. Nothing waits here: whoever decides begins only what is
 * available, and calls beyond that (a repetition, a session) are taken from those to come.
 */
export class Pacing implements Pace {
  private tokens: number;
  private filledAt: Instant;
  private blockedUntil: Instant | null = null;

  /**
   * `callsPerSecond` null: any number, unless the provider asks us to wait. `spare`: never saved up, so
   * that so many calls can come on top of those that were decided, and the provider still takes them.
   */
  constructor(
    private readonly callsPerSecond: number | null,
    private readonly clock: Clock,
    private readonly spare = 0,
  ) {
    this.tokens = this.most;
    this.filledAt = clock.now();
  }

  available(): number {
    if (this.isBlocked()) return 0;
    this.fill();
    return Math.max(0, Math.floor(this.tokens + 1e-6));
  }

  readyAt(): Instant | null {
    if (this.isBlocked()) return this.blockedUntil;
    if (this.available() > 0 || this.callsPerSecond === null) return null;
    const missingMs = Math.ceil(((1 - this.tokens) * 1000) / this.callsPerSecond);
    return instantOfMs(msOf(this.filledAt) + missingMs);
  }

  take(calls: number): void {
    this.fill();
    this.tokens -= calls;
  }

  /** The provider asks us to call less: nobody calls until then. */
  waitFor(ms: number): void {
    const until = addMs(this.clock.now(), ms);
    if (this.blockedUntil === null || until > this.blockedUntil) this.blockedUntil = until;
  }

  /** How long the provider still wants to hear nothing; null: not at all. */
  waitMs(): number | null {
    if (!this.isBlocked() || this.blockedUntil === null) return null;
    return msOf(this.blockedUntil) - msOf(this.clock.now());
  }

  private isBlocked(): boolean {
    return this.blockedUntil !== null && this.clock.now() < this.blockedUntil;
  }

  private get most(): number {
    if (this.callsPerSecond === null) return Number.POSITIVE_INFINITY;
    return Math.max(1, this.callsPerSecond * BURST_S - this.spare);
  }

  private fill(): void {
    if (this.callsPerSecond === null) return;
    const now = this.clock.now();
    const passedS = Math.max(0, msOf(now) - msOf(this.filledAt)) / 1000;
    this.tokens = Math.min(this.most, this.tokens + passedS * this.callsPerSecond);
    this.filledAt = now;
  }
}
