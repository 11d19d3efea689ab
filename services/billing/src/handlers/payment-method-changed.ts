import { PaymentMethodChanged } from '@perennial/contracts';
import { causeOf, on } from '@perennial/messaging';
import { type Context, presently } from '../context';
import { paymentMethodChanged } from '../domain/card';
import { Accounts } from '../store/accounts';
import { lockMethods } from '../store/methods';

/** Somebody pays with another method, at another provider, or together. */
export function onPaymentMethodChanged(context: Context) {
  return on(PaymentMethodChanged, async (messages, tx) => {
    const moment = presently(context);
    // A provider that is not in use here: the message fails, and waits until it is.
    for (const { data } of messages) context.providerOf(data.provider);
    const methods = messages.map(({ data }) => ({
      provider: data.provider,
      reference: data.paymentMethod,
    }));
    const causes = await lockMethods(methods, tx);
    const accounts = await Accounts.lock(
      messages.map(({ data }) => data.customerId),
      {},
      tx,
    );
    for (const message of messages) {
      const { customerId, provider, paymentMethod: reference, combineCharges } = message.data;
      const unavailable = causes({ provider, reference });
      const version = message.aggregateversion;
      accounts.decide(customerId, causeOf(message), moment, (account) =>
        paymentMethodChanged(account, {
          provider,
          reference,
          combineCharges,
          version,
          unavailable,
        }),
      );
    }
    return accounts.save(moment, context.ids);
  });
}
