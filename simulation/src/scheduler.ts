import { createHash } from 'node:crypto';
import { type Clock, type Instant, instantOfMs } from '@perennial/calendar';
import { Agenda, type Happen } from './agenda';

/** One line of a history. */
export interface Happening {
  readonly at: Instant;
  readonly step: number;
  /** What or who does it: `billing/1`, `aurora`, `person 3`. */
  readonly who: string;
  readonly what: string;
  /** The text in which ids lead to a person: bodies and paths. */
  readonly about: string;
}

/**
 * The only source of time and order: takes one step at a time, each at its moment, and waits until the
 * code that it set going has come to its next border before it takes another.
 */
export class Scheduler {
  readonly happenings: Happening[] = [];
  steps = 0;
  private readonly agenda = new Agenda();
  private readonly hash = createHash('sha256');
  private failure: unknown;

  constructor(private ms: number) {}

  get nowMs(): number {
    return this.ms;
  }

  now(): Instant {
    return instantOfMs(Math.floor(this.ms));
  }

  /** The agenda's own clock. */
  clock(): Clock {
    return { now: () => this.now() };
  }

  at(ms: number, run: Happen): void {
    this.agenda.add(Math.max(ms, this.ms), run);
  }

  after(ms: number, run: Happen): void {
    this.at(this.ms + ms, run);
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  note(who: string, what: string, about = ''): void {
    const happening = { at: this.now(), step: this.steps, who, what, about };
    this.happenings.push(happening);
    this.hash.update(`${happening.at} ${who} ${what} ${about}\n`);
  }

  /** Of all that was noted so far: equal histories have equal digests. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }

  /** Work that nobody waits for; what it throws ends the run. */
  spawn(work: () => Promise<unknown>): void {
    work().catch((error: unknown) => {
      this.failure ??= error;
    });
  }

  /** Takes steps until the moment has come, or there is nothing more to do before it. */
  async runUntil(ms: number, afterEach: () => Promise<void> | undefined): Promise<void> {
    while (this.isDueUntil(ms)) await turn(() => this.takeSome(ms, afterEach));
    this.ms = Math.max(this.ms, ms);
  }

  private isDueUntil(ms: number): boolean {
    const { nextMs } = this.agenda;
    return nextMs !== null && nextMs <= ms;
  }

  /** Returns early with what is to be waited for: after an `await`, `settle` would do nothing. */
  private async takeSome(ms: number, afterEach: () => Promise<void> | undefined): Promise<void> {
    for (let taken = 0; taken < STEPS_A_TURN && this.isDueUntil(ms); taken += 1) {
      const entry = this.agenda.take();
      if (!entry) break;
      this.ms = Math.max(this.ms, entry.atMs);
      this.steps += 1;
      if (entry.run() === false) continue;
      settle();
      if (this.failure) throw this.failure;
      const judged = afterEach();
      if (judged) return judged;
    }
  }
}

/** A turn of the event loop asks the operating system for news, which takes as long as a small step. */
const STEPS_A_TURN = 16;

/** Calls `work` from the loop itself. */
function turn(work: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => resolve(work()));
  });
}

/**
 * Nothing here waits for the world outside: when all promises and ticks are through, the step is over.
 * Node's own way to see them through between two callbacks, and the only one that does it at once.
 */
const { _tickCallback: settle } = process as unknown as { _tickCallback(): void };
