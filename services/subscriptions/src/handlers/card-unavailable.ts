import { parseInstant } from '@perennial/calendar';
import { CardUnavailable, type Envelope } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { causeOf, on } from '@perennial/messaging';
import { Changes } from '../changes';
import { type Context, presently } from '../context';
import { cardBecameUnavailable } from '../domain/cancellation';
import type { Live, Subscription } from '../domain/subscription';
import { Customers } from '../store/customers';
import { lockMethods, saveMethods } from '../store/payment-methods';
import { lockLiveSubscriptionsOf } from '../store/subscriptions';

type News = Envelope<{
  provider: string;
  paymentMethod: string;
  cause: 'expired' | 'cancelled';
  occurredAt: string;
}>;

/**
 * Remembers the card, whoever pays with it, and schedules the end of every live subscription that is
 * paid with it now. An event about a card that was replaced meanwhile meets nobody who pays with it.
 */
export function onCardUnavailable(context: Context) {
  return on(CardUnavailable, async (messages, tx) => {
    const news = firstOfEachCard(messages);
    await remember(news, tx);
    const paying = await lockPaying(news, context, tx);
    const locked = await lockLiveSubscriptionsOf([...paying.keys()], tx);
    const changes = new Changes(locked);
    for (const subscription of locked) schedule(subscription, paying, changes, context);
    return changes.save(tx, context.ids);
  });
}

function schedule(
  { id, customerId }: Subscription,
  paying: ReadonlyMap<string, News>,
  changes: Changes,
  context: Context,
): void {
  const message = paying.get(customerId);
  if (!message) return;
  const moment = presently(context);
  const card = { id: context.ids(), cause: message.data.cause };
  const rule = (live: Live) => cardBecameUnavailable(live, card, moment);
  changes.apply(id, rule, causeOf(message), moment.now);
}

/** The first word about a card stands: it can be told twice, and with either cause. */
function firstOfEachCard(messages: readonly News[]): News[] {
  const first = new Map<string, News>();
  for (const message of messages) {
    const key = `${message.data.provider}:${message.data.paymentMethod}`;
    if (!first.has(key)) first.set(key, message);
  }
  return [...first.values()];
}

async function remember(news: readonly News[], tx: Tx): Promise<void> {
  for (const [provider, told] of byProvider(news)) {
    const methods = await lockMethods(provider, [...told.keys()], tx);
    const lost = methods.flatMap((method) => {
      const message = told.get(method.reference);
      if (!message || method.unavailable) return [];
      const at = parseInstant(message.data.occurredAt);
      return [{ ...method, unavailable: { cause: message.data.cause, at } }];
    });
    await saveMethods(lost, tx);
  }
}

/** By the id of the customer, what was told about the card. */
async function lockPaying(news: readonly News[], { keyring }: Context, tx: Tx) {
  const paying = new Map<string, News>();
  for (const [provider, told] of byProvider(news)) {
    const customers = await new Customers(keyring, tx).lockPayingWith(provider, [...told.keys()]);
    for (const { id, paymentMethod } of customers) {
      const message = told.get(paymentMethod);
      if (message) paying.set(id, message);
    }
  }
  return paying;
}

/** By provider, in one order for everybody, and in it by the card's reference. */
function byProvider(news: readonly News[]): [string, Map<string, News>][] {
  const providers = [...new Set(news.map(({ data }) => data.provider))].sort();
  return providers.map((provider) => {
    const ofProvider = news.filter(({ data }) => data.provider === provider);
    return [provider, new Map(ofProvider.map((message) => [message.data.paymentMethod, message]))];
  });
}
