import { adaptersIn } from '@perennial/service';
import type { OpenProvider } from './adapter';

/** Every folder here is a provider that is listened to. */
export const ownProviders = adaptersIn<OpenProvider>(__dirname);
