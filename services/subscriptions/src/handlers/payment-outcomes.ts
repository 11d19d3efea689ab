import type { Instant } from '@perennial/calendar';
import {
  type Envelope,
  PaymentDeclined,
  PaymentExhausted,
  PaymentSucceeded,
} from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { causeOf, on } from '@perennial/messaging';
import { Changes } from '../changes';
import { type Context, presently } from '../context';
import { paymentDeclined, paymentSucceeded } from '../domain/collection';
import { paymentExhausted } from '../domain/end';
import type { Live, PaymentNews, Subscription } from '../domain/subscription';
import { lockSubscriptions } from '../store/subscriptions';

interface PaymentFacts {
  readonly paymentId: string;
  readonly billingDate: PaymentNews['billingDate'];
  readonly items: readonly { readonly subscriptionId: string }[];
}

/** past_due while a payment is retried, active again once it is paid. Billing rules: "Dunning". */
export function onPaymentDeclined(context: Context) {
  return on(PaymentDeclined, (messages, tx) => {
    const moment = presently(context);
    return decideItems(context, messages, tx, moment.now, (live, news) =>
      paymentDeclined(live, news, moment),
    );
  });
}

export function onPaymentSucceeded(context: Context) {
  return on(PaymentSucceeded, (messages, tx) => {
    const moment = presently(context);
    return decideItems(context, messages, tx, moment.now, (live, news) =>
      paymentSucceeded(live, news, moment),
    );
  });
}

export function onPaymentExhausted(context: Context) {
  return on(PaymentExhausted, (messages, tx) =>
    decideItems(context, messages, tx, context.clock.now(), (live, { paymentId }, data) =>
      paymentExhausted(live, paymentId, data.exhaustedAt),
    ),
  );
}

/** Every subscription of every payment, locked and written together. */
async function decideItems<Data extends PaymentFacts>(
  { ids }: Context,
  messages: readonly Envelope<Data>[],
  tx: Tx,
  at: Instant,
  rule: (live: Live, news: PaymentNews, data: Data) => Subscription,
) {
  const items = messages.flatMap(({ data }) => data.items);
  const subscriptionIds = items.map(({ subscriptionId }) => subscriptionId);
  const changes = new Changes(await lockSubscriptions(subscriptionIds, tx));
  for (const message of messages) {
    const { data, aggregateversion: version } = message;
    const news = { paymentId: data.paymentId, billingDate: data.billingDate, version };
    for (const { subscriptionId } of data.items) {
      changes.apply(subscriptionId, (live) => rule(live, news, data), causeOf(message), at);
    }
  }
  return changes.save(tx, ids);
}
