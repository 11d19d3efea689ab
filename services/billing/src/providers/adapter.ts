import type { Clock } from '@perennial/calendar';
import type { Ids } from '@perennial/contracts';
import type { Adapter, HttpClient } from '@perennial/service';
import type { z } from 'zod';
import type { Limits } from './line/line';
import type { Provider } from './provider';

/** What an adapter needs of the world. */
export interface World {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly limits: Limits;
}

export type OpenProvider = (world: World) => Provider;

/** Declares a provider: its name, its settings, and how it is spoken to. Exported as `adapter`. */
export function defineProvider<Settings>(declared: {
  readonly name: string;
  /** The variable without which the provider is not used here. */
  readonly enabledBy: string;
  readonly settings: z.ZodType<Settings>;
  create(settings: Settings, world: World): Provider;
}): Adapter<OpenProvider> {
  const { name, enabledBy, settings, create } = declared;
  return {
    name,
    enabledBy,
    settings: settings.transform((parsed) => (world: World) => create(parsed, world)),
  };
}
