import {
  CancellationRevoked,
  CancellationScheduled,
  CustomerErased,
  type Envelope,
  SubscriptionEnded,
} from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { causeOf, on } from '@perennial/messaging';
import { type Context, presently } from '../context';
import type { Account } from '../domain/account';
import { cancellationNoticed, subscriptionEnded } from '../domain/cancellation';
import type { Moment } from '../domain/moment';
import { Accounts } from '../store/accounts';

/** Of a lost card billing has heard by itself: then only what the customer asked for no longer stands. */
export function onCancellationScheduled(context: Context) {
  return on(CancellationScheduled, (messages, tx) =>
    decideEach(messages, context, tx, (account, message, moment) => {
      const { subscriptionId, on: date, acceptedAt, reason } = message.data;
      const cancellation = reason === 'customer_request' ? { on: date, acceptedAt } : null;
      const notice = { cancellation, version: message.aggregateversion };
      return cancellationNoticed(account, subscriptionId, notice, moment);
    }),
  );
}

export function onCancellationRevoked(context: Context) {
  return on(CancellationRevoked, (messages, tx) =>
    decideEach(messages, context, tx, (account, message, moment) => {
      const notice = { cancellation: null, version: message.aggregateversion };
      return cancellationNoticed(account, message.data.subscriptionId, notice, moment);
    }),
  );
}

/** The end that billing itself caused is known already, and stays as it is. */
export function onSubscriptionEnded(context: Context) {
  return on(SubscriptionEnded, (messages, tx) =>
    decideEach(messages, context, tx, (account, { data }, moment) => {
      const end = { cause: data.reason, at: data.endedAt, skippedCycle: null };
      return subscriptionEnded(account, data.subscriptionId, end, moment);
    }),
  );
}

export function onCustomerErased(context: Context) {
  return on(CustomerErased, async (messages, tx) => {
    const moment = presently(context);
    const ids = messages.map(({ data }) => data.customerId);
    const accounts = await Accounts.lock(ids, {}, tx);
    for (const message of messages) {
      accounts.decide(message.data.customerId, causeOf(message), moment, (account) =>
        account.customer.erased
          ? account
          : { ...account, customer: { ...account.customer, erased: true } },
      );
    }
    return accounts.save(moment, context.ids);
  });
}

interface AboutSubscription {
  readonly customerId: string;
  readonly subscriptionId: string;
}

async function decideEach<Data extends AboutSubscription>(
  messages: readonly Envelope<Data>[],
  context: Context,
  tx: Tx,
  rule: (account: Account, message: Envelope<Data>, moment: Moment) => Account,
) {
  const moment = presently(context);
  const customerIds = messages.map(({ data }) => data.customerId);
  const subscriptionIds = messages.map(({ data }) => data.subscriptionId);
  const accounts = await Accounts.lock(customerIds, { subscriptionIds }, tx);
  for (const message of messages) {
    accounts.decide(message.data.customerId, causeOf(message), moment, (account) =>
      rule(account, message, moment),
    );
  }
  return accounts.save(moment, context.ids);
}
