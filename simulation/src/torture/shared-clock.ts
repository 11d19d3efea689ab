import { openSync, readSync, writeSync } from 'node:fs';
import { type Clock, type Instant, instantOfMs, msOf } from '@perennial/calendar';

const BYTES = 8;

/**
 * The clock of all processes of a torture: real time, and how far a file says that it is ahead. The file
 * is read at each look, so that a process that stood still never lives in the past when it wakes.
 */
export function sharedClock(path: string): Clock {
  const file = openSync(path, 'r');
  const ahead = Buffer.alloc(BYTES);
  return {
    now: () => {
      readSync(file, ahead, 0, BYTES, 0);
      return instantOfMs(Date.now() + Number(ahead.readBigInt64LE()));
    },
  };
}

/** Who moves it, forward only. */
export class ClockHand {
  private readonly file: number;
  private aheadMs: number;

  constructor(path: string, start: Instant) {
    this.file = openSync(path, 'w');
    this.aheadMs = msOf(start) - Date.now();
    this.write();
  }

  jump(ms: number): void {
    this.aheadMs += Math.max(0, ms);
    this.write();
  }

  /** One write of so few bytes is seen whole or not at all. */
  private write(): void {
    const ahead = Buffer.alloc(BYTES);
    ahead.writeBigInt64LE(BigInt(Math.round(this.aheadMs)));
    writeSync(this.file, ahead, 0, BYTES, 0);
  }
}
