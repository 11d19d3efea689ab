import { PaymentExhausted } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import { recordUncollected } from '../store/record';

/**
 * The last decline. No mail of its own: it is told together with the end of each subscription, which
 * subscriptions decides. What we know from now on: nothing is tried again, and what was not collected.
 */
export function onPaymentExhausted() {
  return on(PaymentExhausted, async (messages, tx) => {
    const uncollected = messages.flatMap(({ data: { paymentId, items } }) =>
      items.map(({ subscriptionId, amount }) => ({ paymentId, subscriptionId, amount })),
    );
    await recordUncollected(uncollected, tx);
    return [];
  });
}
