import type { HttpClient } from '@perennial/service';
import type { Settings } from '../settings';
import { createAurora } from './aurora';
import type { Provider } from './provider';

/** Every provider that customers can be charged through, by the name that customers carry. */
export function createProviders(
  http: HttpClient,
  settings: Settings,
): ReadonlyMap<string, Provider> {
  return new Map([
    [
      'aurora',
      createAurora(http, {
        url: settings.AURORA_URL,
        apiKey: settings.AURORA_API_KEY,
        timeoutMs: settings.PROVIDER_TIMEOUT_MS,
      }),
    ],
  ]);
}
