import type { CalendarDate } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { comingCycles } from '../domain/coming';
import { unchargeable } from './find-accounts';
import { schedulesUntil } from './schedules';

interface Due {
  readonly date: CalendarDate;
  readonly currency: string;
  cycles: number;
  amountMinor: number;
}

const SCHEDULES_PER_PAGE = 1000;

/** What falls due from `from` to `to`, both included, as things stand now. Memory grows with the days only. */
export async function forecast(from: CalendarDate, to: CalendarDate, tx: Tx): Promise<Due[]> {
  const days = new Map<string, Due>();
  for (let after = ''; ; ) {
    const schedules = await schedulesUntil(to, { after, limit: SCHEDULES_PER_PAGE }, tx);
    const lost = await unchargeable(
      schedules.map(({ customerId }) => customerId),
      tx,
    );
    for (const schedule of schedules) {
      if (lost.has(schedule.customerId)) continue;
      for (const { billingDate: date, amount } of comingCycles(schedule, from)) {
        if (date > to) break;
        add(days, date, amount.currency, amount.amountMinor);
      }
    }
    const last = schedules.at(-1);
    if (!last || schedules.length < SCHEDULES_PER_PAGE) break;
    after = last.subscriptionId;
  }
  return [...days.values()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function add(days: Map<string, Due>, date: CalendarDate, currency: string, minor: number): void {
  const key = `${date} ${currency}`;
  const due = days.get(key) ?? { date, currency, cycles: 0, amountMinor: 0 };
  due.cycles += 1;
  due.amountMinor += minor;
  days.set(key, due);
}

function orderOf({ date, currency }: Due): string {
  return `${date} ${currency}`;
}
