import { firstOwedCycle } from '@perennial/calendar';
import { type Envelope, SubscriptionStarted } from '@perennial/contracts';
import { causeOf, on } from '@perennial/messaging';
import type { z } from 'zod';
import { type Context, presently } from '../context';
import type { Purchase } from '../domain/schedule';
import { subscriptionStarted } from '../domain/start';
import { Accounts } from '../store/accounts';

type Started = z.output<typeof SubscriptionStarted.data>;

/** A purchase becomes anniversaries. */
export function onSubscriptionStarted(context: Context) {
  return on(SubscriptionStarted, async (messages: readonly Envelope<Started>[], tx) => {
    const moment = presently(context);
    const accounts = await Accounts.lock(
      messages.map(({ data }) => data.customerId),
      {},
      tx,
    );
    for (const message of messages) {
      const { customerId, subscriptionId } = message.data;
      const purchase = purchaseOf(message.data);
      accounts.decide(customerId, causeOf(message), moment, (account) =>
        subscriptionStarted(account, subscriptionId, purchase),
      );
    }
    return accounts.save(moment, context.ids);
  });
}

/** Price × quantity, as they stood on the day of purchase. Billing rules: "Charging". */
function purchaseOf(started: Started): Purchase {
  const { productId, productName, quantity, price, interval, anchorDate, startedAt } = started;
  return {
    ...{ productId, productName, quantity, interval, anchorDate, startedAt },
    amount: { ...price, amountMinor: price.amountMinor * quantity },
    firstCycle: firstOwedCycle({ anchorDate, interval }, started.firstCharge, started.registeredOn),
  };
}
