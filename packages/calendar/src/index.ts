export { addDays, addMonths, CalendarDate, daysBetween, parseDate } from './civil-date';
export { type Clock, type Timer, wait } from './clock';
export { addMs, earliest, Instant, instantOfMs, msOf, parseInstant } from './instant';
export { type BillingTime, chargeInstant, localDate, TimeOfDay, TimeZone } from './local-time';
export {
  type Anchor,
  billingDate,
  FirstCharge,
  firstCycleFrom,
  firstOwedCycle,
  Interval,
  nextCycle,
} from './schedule';
