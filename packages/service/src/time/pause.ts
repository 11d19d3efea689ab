import { type Clock, wait } from '@perennial/calendar';
import { standsStill } from './clocks';

/** Waits; not at all where time stands still, since no waiting would move it. */
export async function pause(ms: number, clock: Clock): Promise<void> {
  if (!standsStill(clock)) await wait(ms, clock);
}
