import type { Clock, Timer } from '@perennial/calendar';
import type { Database } from '@perennial/database';
import type { Keyring } from './keyring';
import { Customers } from './store/customers';

const ROWS_AT_ONCE = 100;

/**
 * Writes personal data again with the first key, a few rows at a time, until no row needs an older one:
 * then that one can be taken out of the settings.
 */
export function rewriteOldKeys(db: Database, clock: Clock, keyring: Keyring): Timer {
  return {
    name: 'rewrite-old-keys',
    everyMs: 60_000,
    nextAt: () =>
      db.transaction(async (tx) => {
        const waiting = await new Customers(keyring, tx).someSealedWithOldKeys();
        return waiting ? clock.now() : null;
      }),
    run: async () => {
      let rewritten: number;
      do {
        rewritten = await db.transaction(async (tx) => {
          const customers = new Customers(keyring, tx);
          const old = await customers.lockSealedWithOldKeys(ROWS_AT_ONCE);
          if (old.length > 0) await customers.save(...old);
          return old.length;
        });
      } while (rewritten === ROWS_AT_ONCE);
    },
  };
}
