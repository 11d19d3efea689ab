import { type Clock, localDate } from '@perennial/calendar';
import type { Ids } from '@perennial/contracts';
import type { Database } from '@perennial/database';
import type { Logger } from '@perennial/logger';
import type { Ports } from '@perennial/service';
import type { Moment, Rules } from './domain/moment';
import type { Provider } from './providers/provider';
import type { Settings } from './settings';

/** What routes, handlers and timers need of the world. */
export interface Context {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly rules: Rules;
  readonly runEveryMs: number;
  /** Calls under way at once, to each provider. */
  readonly concurrency: number;
  /** Those in use here, by the name that customers carry. */
  readonly providers: ReadonlyMap<string, Provider>;
  providerOf(name: string): Provider;
}

export function contextOf({ db, clock, ids, http, logger }: Ports, settings: Settings): Context {
  const limits = {
    connectTimeoutMs: settings.PROVIDER_CONNECT_TIMEOUT_MS,
    timeoutMs: settings.PROVIDER_TIMEOUT_MS,
    concurrency: settings.PROVIDER_CONCURRENCY,
  };
  const world = { http, clock, ids, limits };
  const providers = new Map([...settings.adapters].map(([name, open]) => [name, open(world)]));
  return {
    ...{ db, clock, ids, logger, providers },
    concurrency: limits.concurrency,
    rules: {
      time: { zone: settings.BILLING_TIME_ZONE, chargeTime: settings.BILLING_CHARGE_TIME },
      catchUpMaxDays: settings.CATCH_UP_MAX_DAYS,
      nonRetryable: settings.NON_RETRYABLE_DECLINES,
    },
    runEveryMs: settings.RUN_EVERY_MS,
    providerOf(name) {
      const provider = providers.get(name);
      if (!provider) throw new Error(`The provider ${name} is not in use here`);
      return provider;
    },
  };
}

/** The present, and all else that a decision may depend on. */
export function presently({ clock, ids, rules, providerOf }: Context): Moment {
  const now = clock.now();
  return {
    now,
    today: localDate(now, rules.time.zone),
    rules,
    newId: ids,
    sheetOf: (name) => providerOf(name).sheet,
  };
}
