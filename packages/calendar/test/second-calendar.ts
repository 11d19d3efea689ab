/**
 * A second opinion on billing dates, which shares no code and no idea with the first: it writes out
 * every day there is, one after the other, and looks dates up in that list. No `Date`, no division.
 */
const THIRTY = [4, 6, 9, 11];

function daysOf(year: number, month: number): number {
  if (month !== 2) return THIRTY.includes(month) ? 30 : 31;
  return year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0) ? 29 : 28;
}

const two = (value: number) => (value < 10 ? `0${value}` : `${value}`);

function daysFrom(firstYear: number, lastYear: number): string[][] {
  const months: string[][] = [];
  for (let year = firstYear; year <= lastYear; year += 1)
    for (let month = 1; month <= 12; month += 1) {
      const days: string[] = [];
      for (let day = 1; day <= daysOf(year, month); day += 1)
        days.push(`${year}-${two(month)}-${two(day)}`);
      months.push(days);
    }
  return months;
}

const MONTHS_OF = { monthly: 1, quarterly: 3, annual: 12 };

export class SecondCalendar {
  private readonly months: readonly string[][];
  private readonly monthOf = new Map<string, number>();

  constructor(firstYear: number, lastYear: number) {
    this.months = daysFrom(firstYear, lastYear);
    this.months.forEach((days, index) => {
      for (const day of days) this.monthOf.set(day, index);
    });
  }

  get days(): string[] {
    return this.months.flat();
  }

  /** Of the days in the month that is so many months on, the last that is not above the anchor's day. */
  billingDate(anchor: string, interval: keyof typeof MONTHS_OF, n: number): string {
    const start = this.monthOf.get(anchor);
    const month = start === undefined ? [] : this.months[start + n * MONTHS_OF[interval]];
    const dayOf = (date: string) => date.slice(-2);
    const date = month?.findLast((day) => dayOf(day) <= dayOf(anchor));
    if (date === undefined) throw new Error(`${anchor} + ${n} is not in this calendar`);
    return date;
  }
}
