import { type Clock, type Instant, instantOfMs, msOf, type Timer } from '@perennial/calendar';
import type { Database } from '@perennial/database';
import { deleteOldKeys, firstKeyExpiry } from './store-idempotency-keys';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Forgets Idempotency-Keys that are too old, at most once a day so that each key does not make a step in time. */
export function keyHousekeeping(db: Database, clock: Clock): Timer {
  return {
    name: 'forget-idempotency-keys',
    everyMs: HOUR_MS,
    async nextAt() {
      const expiry = await db.transaction(firstKeyExpiry);
      return expiry && nextMidnight(expiry);
    },
    run: () => db.transaction((tx) => deleteOldKeys(clock.now(), tx)),
  };
}

function nextMidnight(at: Instant): Instant {
  return instantOfMs(Math.ceil(msOf(at) / DAY_MS) * DAY_MS);
}
