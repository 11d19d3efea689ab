import { adaptersIn } from '@perennial/service';
import type { OpenProvider } from './adapter';

/** Every folder here is a provider that customers can be charged through. */
export const ownProviders = adaptersIn<OpenProvider>(__dirname);
