import type { Clock, Instant } from '@perennial/calendar';
import type { Logger } from '@perennial/logger';
import type { Member } from './member';
import type { ScheduledTimer } from './scheduled-timer';

/** Work that makes itself due again without end would otherwise hold the clock for ever. */
const MOST_ROUNDS = 10_000;

interface Due {
  readonly timer: ScheduledTimer;
  readonly at: Instant;
}

/**
 * Does all that is to be done at one instant: messages before timers, timers in the order in which
 * they fell due, and of those in the order in which they were added. A timer that changed nothing is
 * left alone until something else has changed; one that failed, until the next time.
 */
export class Settling {
  readonly #failures = new Map<string, unknown>();
  readonly #leftAlone = new Set<ScheduledTimer>();

  constructor(
    private readonly members: ReadonlySet<Member>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Throws, when all else is done, what went wrong on the way. */
  async run(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      if ((await this.#flush()) > 0) {
        this.#leftAlone.clear();
        continue;
      }
      const due = await this.#firstDue();
      if (due === undefined) return this.#report();
      await this.#runTimer(due);
    }
    throw new Error(`the work that is due at ${this.clock.now()} has no end`);
  }

  async #flush(): Promise<number> {
    let published = 0;
    for (const member of this.members) {
      published += (await this.#attempt(`${member.name}/outbox`, () => member.flush())) ?? 0;
    }
    return published;
  }

  async #firstDue(): Promise<Due | undefined> {
    const now = this.clock.now();
    let first: Due | undefined;
    for (const { timers } of this.members) {
      for (const timer of timers) {
        if (this.#leftAlone.has(timer)) continue;
        const at = await this.#attempt(timer.name, () => timer.nextAt());
        if (at && at <= now && (first === undefined || at < first.at)) first = { timer, at };
      }
    }
    return first;
  }

  async #runTimer({ timer, at }: Due): Promise<void> {
    const before = timer.generation;
    await this.#attempt(timer.name, () => timer.run());
    const next = await this.#attempt(timer.name, () => timer.nextAt());
    if (timer.generation !== before || next !== at) this.#leftAlone.clear();
    else this.#leftAlone.add(timer);
  }

  /** Nothing is tried again under a name that has failed once. */
  async #attempt<T>(name: string, work: () => Promise<T>): Promise<T | null> {
    if (this.#failures.has(name)) return null;
    try {
      return await work();
    } catch (error) {
      this.logger.error({ err: error, work: name }, 'due work failed');
      this.#failures.set(name, error);
      return null;
    }
  }

  #report(): void {
    if (this.#failures.size === 0) return;
    const names = [...this.#failures.keys()].join(', ');
    const message = `due work failed at ${this.clock.now()}: ${names}`;
    throw new AggregateError(this.#failures.values(), message);
  }
}
