import { type BillingTime, type CalendarDate, type Instant, localDate } from '@perennial/calendar';

/** The present, as the rules need it. */
export interface Moment {
  readonly now: Instant;
  /** The local date of `now`. */
  readonly today: CalendarDate;
  readonly time: BillingTime;
}

export function momentOf(now: Instant, time: BillingTime): Moment {
  return { now, today: localDate(now, time.zone), time };
}
