import { billingDate, type CalendarDate, firstCycleFrom } from '@perennial/calendar';
import type { Money } from '@perennial/contracts';
import type { Schedule } from './schedule';

export interface ComingCycle {
  readonly cycle: number;
  readonly billingDate: CalendarDate;
  readonly amount: Money;
}

/** The billing dates still to come, from `from` on, as things stand: none from a cancellation's date on. */
export function* comingCycles(schedule: Schedule, from?: CalendarDate): Generator<ComingCycle> {
  if (schedule.state !== 'live') return;
  const { purchase, cancellation, nextCycle } = schedule;
  for (let cycle = from ? Math.max(nextCycle, firstCycleFrom(purchase, from)) : nextCycle; ; ) {
    const date = billingDate(purchase, cycle);
    if (cancellation && date >= cancellation.on) return;
    yield { cycle, billingDate: date, amount: purchase.amount };
    cycle += 1;
  }
}

export function nextCycles(schedule: Schedule, count: number): ComingCycle[] {
  const next: ComingCycle[] = [];
  for (const cycle of comingCycles(schedule)) {
    next.push(cycle);
    if (next.length === count) break;
  }
  return next;
}
