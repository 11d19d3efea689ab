import type { Chance } from '../chance';
import {
  type BillingMoment,
  chargeMs,
  DAY_MS,
  endMs,
  HOUR_MS,
  londonMs,
  MINUTE_MS,
  SECOND_MS,
} from './billing-moments';
import type { Draft } from './draft';
import { someMoment } from './purchase-days';

/** Mostly about the billing date where the trouble is; sometimes about another one, or whenever. */
export function someBadMoment(luck: Chance, { crux, billing, window, registersAtMs }: Draft) {
  const whenever = () => someMoment(luck, registersAtMs, endMs(window));
  if (crux === null) return whenever();
  return luck.weighted<() => number>(
    [
      [60, () => about(crux, luck)],
      [20, () => about(luck.pick(billing, 'date'), luck)],
      [20, whenever],
    ],
    'moment',
  )();
}

/** Seconds from the charge, the night before, while it is retried. */
function about({ date }: BillingMoment, luck: Chance): number {
  const near = (ms: number) => luck.between(-ms, ms, 'offset');
  return luck.weighted<() => number>(
    [
      [30, () => chargeMs(date) + near(90 * SECOND_MS)],
      [10, () => chargeMs(date) + near(2 * SECOND_MS)],
      [10, () => chargeMs(date)],
      [10, () => chargeMs(date) - luck.between(1, 45, 'before') * MINUTE_MS],
      [15, () => chargeMs(date) + luck.between(1, 90, 'after') * MINUTE_MS],
      [20, () => chargeMs(date, luck.between(1, 5, 'retry')) + near(20 * MINUTE_MS)],
      [5, () => londonMs(date, '00:00') + near(30 * SECOND_MS)],
      [8, () => chargeMs(date) + luck.between(1, 20, 'hours') * HOUR_MS],
    ],
    'about',
  )();
}

/** How long after something the next thing happens. */
export function soon(luck: Chance, name: string): number {
  return luck.weighted<() => number>(
    [
      [20, () => luck.between(0, 3 * SECOND_MS, name, 'at once')],
      [25, () => luck.between(3, 90, name, 'seconds') * SECOND_MS],
      [20, () => luck.between(2, 30, name, 'minutes') * MINUTE_MS],
      [20, () => luck.between(1, 20, name, 'hours') * HOUR_MS],
      [15, () => luck.between(1, 4, name, 'days') * DAY_MS],
    ],
    name,
  )();
}
