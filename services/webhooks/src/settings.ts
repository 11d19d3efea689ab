import { type Adapter, commonSettings, settingsWithAdapters } from '@perennial/service';
import { z } from 'zod';
import { ownProviders } from './providers';
import type { OpenProvider } from './providers/adapter';

const OwnSettings = z.object({ ...commonSettings, PORT: commonSettings.PORT.default(4001) });

/** With what each of these providers wants to be told. */
export function settingsFor(providers: readonly Adapter<OpenProvider>[]) {
  return settingsWithAdapters(OwnSettings, providers);
}

export const Settings = settingsFor(ownProviders);
export type Settings = z.output<typeof Settings>;
