import { type Clock, msOf } from '@perennial/calendar';
import type { Logger } from '@perennial/logger';
import { standsStill } from './clocks';
import type { Member } from './member';
import type { ScheduledTimer } from './scheduled-timer';

/** Commits come by the thousand; due work is looked for after the last of a few. */
const AFTER_COMMIT_MS = 100;
/** A clock that stands still brings nothing new: only what failed is tried again. */
const STANDING_STILL_MS = 1_000;

/** Looks for due work while nobody moves the clock. */
export class RealTime {
  readonly #polls = new Map<Member, NodeJS.Timeout[]>();
  /** Timers that fall due before they are next looked at. */
  readonly #soon = new Map<ScheduledTimer, NodeJS.Timeout>();
  #started = false;
  #wake: NodeJS.Timeout | undefined;
  #settling = false;
  #again = false;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly settle: () => Promise<void>,
  ) {}

  start(): void {
    this.#started = true;
    for (const member of this.#polls.keys()) this.add(member);
    this.wake();
  }

  stop(): void {
    this.#started = false;
    clearTimeout(this.#wake);
    this.#wake = undefined;
    for (const member of this.#polls.keys()) this.#clear(member);
  }

  add(member: Member): void {
    this.#clear(member);
    this.#polls.set(member, this.#started ? this.#pollsOf(member) : []);
  }

  remove(member: Member): void {
    this.#clear(member);
    this.#polls.delete(member);
  }

  /** Something was written: what is due now may have changed. */
  wake(afterMs = standsStill(this.clock) ? 0 : AFTER_COMMIT_MS): void {
    if (!this.#started || this.#wake) return;
    this.#wake = setTimeout(() => {
      this.#wake = undefined;
      if (standsStill(this.clock)) this.#settleQuietly();
      else this.#lookEverywhere();
    }, afterMs);
  }

  /** Each timer is looked at in its own time. With a manual clock everything is done in one order. */
  #pollsOf(member: Member): NodeJS.Timeout[] {
    if (standsStill(this.clock)) return [];
    return member.timers.map((timer) =>
      setInterval(() => {
        // Another replica may have written without our hearing of it.
        timer.forget();
        void this.#look(timer);
      }, timer.everyMs),
    );
  }

  #lookEverywhere(): void {
    for (const { timers } of this.#polls.keys()) {
      for (const timer of timers) void this.#look(timer);
    }
  }

  async #look(timer: ScheduledTimer): Promise<void> {
    try {
      const at = await timer.nextAt();
      if (!this.#started || at === null) return;
      const inMs = msOf(at) - msOf(this.clock.now());
      if (inMs <= 0) await timer.run();
      else if (inMs < timer.everyMs) this.#lookIn(timer, inMs);
    } catch (error) {
      this.logger.error({ err: error, timer: timer.name }, 'timer failed, will be tried again');
    }
  }

  #lookIn(timer: ScheduledTimer, ms: number): void {
    clearTimeout(this.#soon.get(timer));
    const timeout = setTimeout(() => {
      this.#soon.delete(timer);
      void this.#look(timer);
    }, ms);
    this.#soon.set(timer, timeout);
  }

  /** At most one at a time: what is written meanwhile asks for one more. Settling logs what fails. */
  #settleQuietly(): void {
    this.#again = this.#settling;
    if (this.#settling) return;
    this.#settling = true;
    void this.settle()
      .then(
        () => (this.#again ? 0 : null),
        () => STANDING_STILL_MS,
      )
      .then((afterMs) => {
        this.#settling = false;
        if (afterMs !== null) this.wake(afterMs);
      });
  }

  #clear(member: Member): void {
    for (const poll of this.#polls.get(member) ?? []) clearInterval(poll);
    for (const timer of member.timers) {
      clearTimeout(this.#soon.get(timer));
      this.#soon.delete(timer);
    }
  }
}
