import { setTimeout } from 'node:timers/promises';
import type { Instant } from './instant';

/** The only source of the present: handed in, so that a year can pass in a second. */
export interface Clock {
  now(): Instant;
  /** How to wait, where time does not pass by itself; absent: in real time. */
  pause?(ms: number): Promise<void>;
}

/** Waits by the clock's own time. Rejects when `signal` ends it. */
export async function wait(ms: number, clock: Clock, signal?: AbortSignal): Promise<void> {
  if (clock.pause) await clock.pause(ms);
  else await setTimeout(ms, undefined, signal && { signal });
}

/** Work that falls due at an instant. */
export interface Timer {
  readonly name: string;
  /** How often the system's clock looks; a manual clock goes to the exact instant instead. */
  readonly everyMs: number;
  /** When work is next due, in the past if it is late; null: nothing is waiting. */
  nextAt(): Promise<Instant | null>;
  /** Does everything that is due now. */
  run(): Promise<void>;
  /** Begins nothing more, and finishes what `run` has begun and left under way. */
  stop?(): Promise<void>;
}
