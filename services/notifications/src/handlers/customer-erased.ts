import { CustomerErased } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import { recordErased } from '../store/record';

/** There is nobody left to write to. */
export function onCustomerErased() {
  return on(CustomerErased, async (messages, tx) => {
    const customerIds = messages.map(({ data }) => data.customerId);
    await recordErased(customerIds, tx);
    return [];
  });
}
