import { randomBytes } from 'node:crypto';
import { type Clock, msOf } from '@perennial/calendar';

/** Makes UUIDv7s: unique, and sorted by the time of making. */
export type Ids = () => string;

/** Ids of one maker rise strictly, also within a millisecond and when the clock stands still. */
export function createIds(clock: Clock, random: (bytes: number) => Buffer = randomBytes): Ids {
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
