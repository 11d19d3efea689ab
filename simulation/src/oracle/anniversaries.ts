import { DAY_MS, instantOf, msOf } from './london';

export const MONTHS = { monthly: 1, quarterly: 3, annual: 12 } as const;
export type Interval = keyof typeof MONTHS;

/** The n-th anniversary, counted from the anchor in one step, on the month's last day where it has none such. */
export function anniversary(anchor: string, interval: Interval, n: number): string {
  const [year = 0, month = 1, day = 1] = anchor.split('-').map(Number);
  const months = year * 12 + (month - 1) + n * MONTHS[interval];
  const [inYear, inMonth] = [Math.floor(months / 12), months % 12];
  const length = new Date(Date.UTC(inYear, inMonth + 1, 0)).getUTCDate();
  return instantOf(Date.UTC(inYear, inMonth, Math.min(day, length))).slice(0, 10);
}

export function addDays(date: string, days: number): string {
  return instantOf(msOf(`${date}T00:00:00.000Z`) + days * DAY_MS).slice(0, 10);
}

export function daysFrom(date: string, to: string): number {
  return Math.round((msOf(`${to}T00:00:00.000Z`) - msOf(`${date}T00:00:00.000Z`)) / DAY_MS);
}
