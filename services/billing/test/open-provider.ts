import type { Clock } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';
import { type Adapter, type HttpClient, systemClock } from '@perennial/service';
import type { OpenProvider } from '../src/providers/adapter';
import type { Provider } from '../src/providers/provider';

export interface Opening {
  readonly http: HttpClient;
  /** The adapter's own part of the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly timeoutMs?: number;
}

/** A provider as billing opens it. */
export function openProvider(adapter: Adapter<OpenProvider>, opening: Opening): Provider {
  const { http, env, clock = systemClock(), timeoutMs = 1_000 } = opening;
  const limits = { connectTimeoutMs: timeoutMs, timeoutMs, concurrency: 48 };
  return adapter.settings.parse(env)({ http, clock, ids: createIds(clock), limits });
}
