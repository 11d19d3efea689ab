import {
  addDays,
  billingDate,
  type CalendarDate,
  chargeInstant,
  firstOwedCycle,
  nextCycle,
} from '@perennial/calendar';
import type { Moment } from './moment';
import type { Purchase } from './subscription';

type Dates = Pick<Purchase, 'anchorDate' | 'interval' | 'firstCharge' | 'registeredOn'>;

/** The first owed billing date whose charge time is still to come. */
export function nextBillingDate(dates: Dates, { now, today, time }: Moment): CalendarDate {
  const first = firstOwedCycle(dates, dates.firstCharge, dates.registeredOn);
  return billingDate(dates, nextCycle(dates, first, now, today, time));
}

/** The local date of the next charge time, whether anything is owed on it or not. */
export function nextDailySlot({ now, today, time }: Moment): CalendarDate {
  return chargeInstant(today, time) > now ? today : addDays(today, 1);
}
