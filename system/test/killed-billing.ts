import { parseInstant } from '@perennial/calendar';
import type { Shop } from './shop';

/**
 * From now on nothing that billing does is written, as if its process had been killed: what was
 * committed is what there is. Answers how it starts again, `at` a later time.
 */
export function killBilling({ system, overheard }: Shop): (at: string) => Promise<void> {
  const { billing } = system.databases;
  const alive = billing.transaction;
  billing.transaction = async () => {
    throw new Error('billing was killed');
  };
  overheard.hold('provider.payment-outcome.v1');
  return async (at) => {
    billing.transaction = alive;
    overheard.letThrough();
    await system.clock.set(parseInstant(at));
    await system.timeline.settle();
  };
}
