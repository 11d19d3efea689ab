import type { BillingTime, Clock } from '@perennial/calendar';
import type { Ids } from '@perennial/contracts';
import type { Ports } from '@perennial/service';
import type { Settings } from './settings';

/** What message handlers need of the world. */
export interface Context {
  readonly ids: Ids;
  readonly clock: Clock;
  readonly time: BillingTime;
}

export function contextOf({ ids, clock }: Ports, settings: Settings): Context {
  const { BILLING_TIME_ZONE: zone, BILLING_CHARGE_TIME: chargeTime } = settings;
  return { ids, clock, time: { zone, chargeTime } };
}
