import type { BillingTime, Clock, Instant } from '@perennial/calendar';
import type { Ids } from '@perennial/contracts';
import type { Ports } from '@perennial/service';
import { type Moment, momentOf } from './domain/moment';
import type { Keyring } from './keyring';
import type { Settings } from './settings';

/** What routes and message handlers need of the world. */
export interface Context {
  readonly ids: Ids;
  readonly clock: Clock;
  readonly time: BillingTime;
  readonly providers: readonly string[];
  readonly keyring: Keyring;
}

export function contextOf({ ids, clock }: Ports, settings: Settings): Context {
  return {
    ids,
    clock,
    time: { zone: settings.BILLING_TIME_ZONE, chargeTime: settings.BILLING_CHARGE_TIME },
    providers: settings.PROVIDERS,
    keyring: settings.APP_ENCRYPTION_KEY,
  };
}

export function presently({ clock, time }: Context, now: Instant = clock.now()): Moment {
  return momentOf(now, time);
}
