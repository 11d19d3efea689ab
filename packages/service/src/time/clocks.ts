import { type Clock, type Instant, instantOfMs } from '@perennial/calendar';

/** A clock that somebody moves, as in tests, simulations and `CLOCK=manual`. */
export interface MovableClock extends Clock {
  readonly standsStill: boolean;
  /** Throws when it would go back. */
  set(to: Instant): Promise<void>;
}

export function systemClock(): Clock {
  return { now: () => instantOfMs(Date.now()) };
}

export function isMovable(clock: Clock): clock is MovableClock {
  return 'set' in clock;
}

/** Whether time passes only when somebody moves it. */
export function standsStill(clock: Clock): boolean {
  return isMovable(clock) && clock.standsStill;
}

/** Stands still until it is set, or released into the system's time. */
export class ManualClock implements MovableClock {
  #now: Instant;
  #released = false;

  /** `keep` is told each new time before it counts, so that a restart never finds data from the future. */
  constructor(
    now: Instant,
    private readonly keep: (now: Instant) => Promise<void> = async () => {},
  ) {
    this.#now = now;
  }

  get standsStill(): boolean {
    return !this.#released;
  }

  now(): Instant {
    if (!this.#released) return this.#now;
    const system = systemClock().now();
    return system > this.#now ? system : this.#now;
  }

  async set(to: Instant): Promise<void> {
    const now = this.now();
    if (to < now) throw new Error(`the clock stands at ${now} and never goes back`);
    if (to === now) return;
    await this.keep(to);
    this.#now = to;
  }

  /** From now on it is the system's clock, from the moment on at which that has caught up. */
  release(): void {
    this.#released = true;
  }
}
