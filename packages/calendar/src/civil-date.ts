import { z } from 'zod';

/** A civil date `YYYY-MM-DD`, without time or zone. Sorts as text. */
export type CalendarDate = string & { readonly __brand: 'CalendarDate' };

/** For `refine`: other years are slips of the pen, and text of five digits would not sort as time. */
export const withinReach = [
  (text: string) => /^(19|2\d)\d\d-/.test(text),
  'expected a year from 1900 to 2999',
] as const;

export const CalendarDate = z.iso
  .date()
  .transform((text) => text as CalendarDate)
  .refine(...withinReach);

interface YearMonthDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const MS_PER_DAY = 86_400_000;

export function parseDate(text: string): CalendarDate {
  return CalendarDate.parse(text);
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return fromDayNumber(dayNumber(date) + days);
}

export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** Adds whole months and clamps to the month's last day: 31 January + 1 month is 28 or 29 February. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const { year, month, day } = split(date);
  const monthIndex = year * 12 + (month - 1) + months;
  const target = { year: Math.floor(monthIndex / 12), month: (monthIndex % 12) + 1 };
  return join({ ...target, day: Math.min(day, daysInMonth(target.year, target.month)) });
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function dayNumber(date: CalendarDate): number {
  const { year, month, day } = split(date);
  return Date.UTC(year, month - 1, day) / MS_PER_DAY;
}

function fromDayNumber(days: number): CalendarDate {
  return new Date(days * MS_PER_DAY).toISOString().slice(0, 10) as CalendarDate;
}

function split(date: CalendarDate): YearMonthDay {
  return {
    year: Number(date.slice(0, 4)),
    month: Number(date.slice(5, 7)),
    day: Number(date.slice(8, 10)),
  };
}

function join({ year, month, day }: YearMonthDay): CalendarDate {
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}` as CalendarDate;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
