import {
  addMs,
  type Clock,
  type Instant,
  instantOfMs,
  msOf,
  type Timer,
} from '@perennial/calendar';
import type { Database } from '@perennial/database';
import { forgetReceivedUntil, oldestReceivedAt } from './store-inbox';

const DAY_MS = 86_400_000;
const KEPT_MS = 30 * DAY_MS;
const AT_ONCE = 1000;

/** Forgets which messages came a month ago: no broker delivers one again after so long. */
export function housekeeping(db: Database, clock: Clock): Timer {
  return {
    name: 'forget-inbox',
    everyMs: 3_600_000,
    nextAt: async () => {
      const oldest = await db.transaction(oldestReceivedAt);
      return oldest && endOfDay(addMs(oldest, KEPT_MS));
    },
    run: async () => {
      const until = addMs(clock.now(), -KEPT_MS);
      let forgotten: number;
      do {
        forgotten = await db.transaction((tx) => forgetReceivedUntil(until, AT_ONCE, tx));
      } while (forgotten > 0);
    },
  };
}

/** Once a day, so that not each message makes an instant of its own at which something is due. */
function endOfDay(at: Instant): Instant {
  return instantOfMs(Math.ceil(msOf(at) / DAY_MS) * DAY_MS);
}
