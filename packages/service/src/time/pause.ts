import type { Clock } from '@perennial/calendar';
import { standsStill } from './clocks';

/** Waits in real time; not at all where time stands still, since no waiting would move it. */
export async function pause(ms: number, clock: Clock): Promise<void> {
  if (standsStill(clock)) return;
  await new Promise((resolve) => setTimeout(resolve, ms));
}
