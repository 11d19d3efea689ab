import { addMs, type Clock, type Instant } from '@perennial/calendar';
import { CircuitState, CountBreaker } from 'cockatiel';

/** More than half of the last 20 calls, and of 10 at least. */
const JUDGE = { threshold: 0.5, size: 20, minimumNumberOfCalls: 10 };
const OPEN_MS = 15_000;

/**
 * Stops calls that would most likely fail, and lets one through now and then to see. Cockatiel judges;
 * the time is our clock's, so that a year can pass in a second.
 */
export class Breaker {
  private readonly judge = new CountBreaker(JUDGE);
  private openUntil: Instant | null = null;
  private probing = false;

  constructor(private readonly clock: Clock) {}

  /** Whether a call may begin; then its result has to be recorded. */
  admits(): boolean {
    if (this.openUntil === null) return true;
    if (this.probing || this.clock.now() < this.openUntil) return false;
    this.probing = true;
    return true;
  }

  record(trouble: boolean): void {
    const state = this.probing ? CircuitState.HalfOpen : CircuitState.Closed;
    this.probing = false;
    if (!trouble) {
      this.judge.success(state);
      this.openUntil = null;
    } else if (this.judge.failure(state)) {
      this.openUntil = addMs(this.clock.now(), OPEN_MS);
    }
  }
}
