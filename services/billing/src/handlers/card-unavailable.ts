import { CardUnavailable } from '@perennial/contracts';
import { causeOf, on } from '@perennial/messaging';
import { type Context, presently } from '../context';
import { cardUnavailable } from '../domain/card';
import { Accounts } from '../store/accounts';
import { payingWith } from '../store/find-accounts';
import { lockMethods, markUnavailable } from '../store/methods';

/** After this has been committed no attempt starts with the card. Billing rules: "Provider events". */
export function onCardUnavailable(context: Context) {
  return on(CardUnavailable, async (messages, tx) => {
    const moment = presently(context);
    const told = messages.map(({ data }) => ({
      provider: data.provider,
      reference: data.paymentMethod,
      cause: data.cause,
    }));
    const causes = await lockMethods(told, tx);
    const fresh = told.filter((method) => causes(method) === null);
    await markUnavailable(firstOfEach(fresh), moment.now, tx);

    const payers = await payingWith(told, tx);
    const accounts = await Accounts.lock(
      payers.map(({ customerId }) => customerId),
      {},
      tx,
    );
    for (const message of messages) {
      const { provider, paymentMethod: reference, cause } = message.data;
      const own = payers.filter((one) => one.provider === provider && one.reference === reference);
      for (const { customerId } of own) {
        accounts.decide(customerId, causeOf(message), moment, (account) =>
          cardUnavailable(account, { provider, reference }, cause),
        );
      }
    }
    return accounts.save(moment, context.ids);
  });
}

/** Told twice in one batch, the first stays. */
function firstOfEach<T extends { provider: string; reference: string }>(
  methods: readonly T[],
): T[] {
  const known = new Set<string>();
  return methods.filter(({ provider, reference }) => {
    const key = `${provider} ${reference}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}
