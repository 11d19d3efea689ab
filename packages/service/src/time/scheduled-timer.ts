import type { Instant, Timer } from '@perennial/calendar';

/** A timer that remembers when it is next due, and never runs twice at the same time. */
export class ScheduledTimer {
  readonly name: string;
  readonly everyMs: number;
  #next: Instant | null | undefined;
  #generation = 0;
  #running: Promise<void> | undefined;

  constructor(
    owner: string,
    private readonly timer: Timer,
    /** Without news of commits an answer may be old the next moment. */
    private readonly hearsCommits: boolean,
  ) {
    this.name = `${owner}/${timer.name}`;
    this.everyMs = timer.everyMs;
  }

  /** The data has changed, so the next instant may have. */
  forget(): void {
    this.#generation += 1;
    this.#next = undefined;
  }

  /** How often the data has changed. */
  get generation(): number {
    return this.#generation;
  }

  async nextAt(): Promise<Instant | null> {
    if (this.#next !== undefined) return this.#next;
    const asked = this.#generation;
    const next = await this.timer.nextAt();
    if (this.hearsCommits && asked === this.#generation) this.#next = next;
    return next;
  }

  /** Joins a run that is under way. */
  run(): Promise<void> {
    this.#running ??= this.timer.run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Waits until it does nothing, and begins nothing more. */
  async stop(): Promise<void> {
    const stopped = this.timer.stop?.();
    await this.#running?.catch(() => {});
    await stopped;
  }
}
