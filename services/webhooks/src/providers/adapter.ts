import type { Adapter, Ports } from '@perennial/service';
import type { z } from 'zod';
import type { Provider } from './provider';

/** What an adapter needs of the world. */
export type World = Pick<Ports, 'db' | 'clock' | 'logger'>;

export type OpenProvider = (world: World) => Provider;

/** Declares a provider: its name, its settings, and how it is listened to. Exported as `adapter`. */
export function defineProvider<Settings>(declared: {
  /** As in its path, `/webhooks/<name>`, and in the messages. */
  readonly name: string;
  /** The variable without which the provider is not listened to here. */
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
