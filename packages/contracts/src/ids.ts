import { randomBytes } from 'node:crypto';
import { type Clock, msOf } from '@perennial/calendar';

/** Makes UUIDv7s: unique, and sorted by the time of making. */
export type Ids = () => string;

/** Ids of one maker rise strictly, also within a millisecond and when the clock stands still. */
export function createIds(clock: Clock, random: (bytes: number) => Buffer = pooled()): Ids {
  let lastMs = -1;
  let counter = 0;
  return () => {
    const ms = Math.max(msOf(clock.now()), lastMs);
    counter = ms === lastMs ? counter + 1 : 0;
    lastMs = ms;
    // RFC 9562, method 1: the 12 bits behind the version and 14 of the next are a counter.
    const tail = random(6).toString('hex');
    const high = 0x7000 | (Math.floor(counter / 0x4000) & 0xfff);
    const low = 0x8000 | (counter & 0x3fff);
    const time = ms.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-${high.toString(16)}-${low.toString(16)}-${tail}`;
  };
}

const POOL_BYTES = 6 * 1024;

/** Asking the system for a few bytes at a time costs more than everything else about an id. */
function pooled(): (bytes: number) => Buffer {
  let pool = Buffer.alloc(0);
  return (bytes) => {
    if (pool.length < bytes) pool = randomBytes(POOL_BYTES);
    const taken = pool.subarray(0, bytes);
    pool = pool.subarray(bytes);
    return taken;
  };
}
