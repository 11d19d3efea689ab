import { type Clock, instantOfMs } from '@perennial/calendar';

export interface Pace {
  /** Made earlier, it is later now. */
  startMs: number;
  readonly speed: number;
}

/** Runs by itself, faster than real time, and tells every process of a test the same. */
export function fastClock(pace: Pace): Clock {
  return {
    now: () => {
      const { startMs, speed } = pace;
      return instantOfMs(Math.floor(startMs + (Date.now() - startMs) * speed));
    },
  };
}
