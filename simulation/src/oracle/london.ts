/**
 * The oracle's own time zone: summer time from the last Sunday of March to the last Sunday of October,
 * both at 01:00 UTC. Charge time is 06:00 on the wall, which no change of the clocks skips or repeats.
 */

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const CHARGE_HOUR = 6;

export function msOf(instant: string): number {
  return Date.parse(instant);
}

export function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** The date on London's calendars. */
export function localDate(instant: string): string {
  return localDateOfMs(msOf(instant));
}

export function localDateOfMs(ms: number): string {
  return instantOf(ms + offsetMs(ms)).slice(0, 10);
}

/** When the charges of a date fall due. */
export function chargeTime(date: string): string {
  const wall = msOf(`${date}T00:00:00.000Z`) + CHARGE_HOUR * HOUR_MS;
  return instantOf(wall - offsetMs(wall));
}

function offsetMs(ms: number): number {
  const year = new Date(ms).getUTCFullYear();
  const isSummer = ms >= lastSunday(year, 3) + HOUR_MS && ms < lastSunday(year, 10) + HOUR_MS;
  return isSummer ? HOUR_MS : 0;
}

/** Midnight UTC; March and October have 31 days. */
function lastSunday(year: number, month: 3 | 10): number {
  const last = Date.UTC(year, month - 1, 31);
  return last - new Date(last).getUTCDay() * DAY_MS;
}

/** `ms` later, or earlier. */
export function shifted(at: string, ms: number): string {
  return instantOf(msOf(at) + ms);
}
