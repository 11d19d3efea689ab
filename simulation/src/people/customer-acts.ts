import { Created, Started } from './answers';
import { CATALOGUE } from './catalogue';
import type { OwnAct } from './life';
import type { Standing } from './standing';

type Doing<K extends OwnAct['kind']> = Extract<OwnAct, { readonly kind: K }>;

/** Nothing happens where the ground is missing: no customer yet, no such subscription. */
export async function actAsCustomer(act: OwnAct, standing: Standing): Promise<void> {
  switch (act.kind) {
    case 'register':
      return register(act, standing);
    case 'subscribe':
      return subscribe(act, standing);
    case 'replace-card':
      return replaceCard(act, standing);
    case 'cancel':
      return cancel(act, standing);
    case 'revoke-cancellation':
      return revokeCancellation(act, standing);
    case 'erase':
      return erase(standing);
  }
}

async function register(act: Doing<'register'>, standing: Standing): Promise<void> {
  const { person, combineCharges, cards } = standing.life;
  const [card] = cards;
  if (!card) return;
  const { provider, paymentMethod } = card;
  const [firstName, lastName] = [`Given${person}`, `Family${person}`];
  const reply = await standing.ask('register', {
    ...{ service: 'subscriptions', method: 'POST', path: '/customers' },
    body: {
      ...{ firstName, lastName },
      email: `person${person}@people.example`,
      ...{ provider, paymentMethod, combineCharges },
    },
    key: standing.keyOf(act),
  });
  const effect = standing.effectOf(reply);
  if (reply.is !== 'accepted' || !effect) return;
  const { id: customerId } = Created.parse(reply.body);
  standing.customerId = customerId;
  standing.cardInUse = 0;
  const name = `${firstName} ${lastName}`;
  const customer = { customerId, name, provider, paymentMethod, combineCharges };
  standing.record({ kind: 'registered', ...effect, ...customer });
}

async function subscribe(act: Doing<'subscribe'>, standing: Standing): Promise<void> {
  const { customerId, productIds } = standing;
  const planned = standing.life.subscriptions[act.subscription];
  if (!customerId || !planned) return;
  const { product, quantity, interval, firstCharge, purchasedAt } = planned;
  const sold = CATALOGUE[product];
  if (!sold) return;
  const { name: productName, price } = sold;
  const reply = await standing.ask('subscribe', {
    ...{ service: 'subscriptions', method: 'POST', path: '/subscriptions' },
    body: {
      ...{ customerId, productId: productIds[product], quantity, interval, firstCharge },
      ...(purchasedAt !== null && { purchasedAt }),
    },
    key: standing.keyOf(act),
  });
  const effect = standing.effectOf(reply);
  if (reply.is !== 'accepted' || !effect) return;
  const { id: subscriptionId, createdAt } = Started.parse(reply.body);
  standing.subscriptionIds.set(act.subscription, subscriptionId);
  const order = { customerId, subscriptionId, productName, quantity, interval, price, firstCharge };
  standing.record({
    ...{ kind: 'subscribed', ...effect, ...order },
    purchasedAt: purchasedAt ?? createdAt,
  });
}

async function replaceCard(act: Doing<'replace-card'>, standing: Standing): Promise<void> {
  const { customerId, life } = standing;
  const card = life.cards[act.card];
  if (!customerId || !card || (act.again && standing.cardInUse === act.card)) return;
  const { provider, paymentMethod } = card;
  const reply = await standing.ask('replace-card', {
    ...{ service: 'subscriptions', method: 'PUT' },
    path: `/customers/${customerId}/payment-method`,
    body: { provider, paymentMethod },
  });
  const effect = standing.effectOf(reply);
  if (!effect) return;
  if (reply.is === 'accepted') standing.cardInUse = act.card;
  standing.record({ kind: 'card-replaced', ...effect, customerId, provider, paymentMethod });
}

async function cancel(act: Doing<'cancel'>, standing: Standing): Promise<void> {
  const { when } = act;
  const subscriptionId = standing.subscriptionIds.get(act.subscription);
  if (!subscriptionId) return;
  const reply = await standing.ask('cancel', {
    ...{ service: 'subscriptions', method: 'POST' },
    path: `/subscriptions/${subscriptionId}/cancellation`,
    body: { when },
    key: standing.keyOf(act),
  });
  const effect = standing.effectOf(reply);
  if (effect) standing.record({ kind: 'cancelled', ...effect, subscriptionId, when });
}

async function revokeCancellation(
  act: Doing<'revoke-cancellation'>,
  standing: Standing,
): Promise<void> {
  const subscriptionId = standing.subscriptionIds.get(act.subscription);
  if (!subscriptionId) return;
  const reply = await standing.ask('revoke-cancellation', {
    ...{ service: 'subscriptions', method: 'DELETE' },
    path: `/subscriptions/${subscriptionId}/cancellation`,
  });
  const effect = standing.effectOf(reply);
  if (effect) standing.record({ kind: 'cancellation-revoked', ...effect, subscriptionId });
}

async function erase(standing: Standing): Promise<void> {
  const { customerId } = standing;
  if (!customerId) return;
  const path = `/customers/${customerId}`;
  const reply = await standing.ask('erase', { service: 'subscriptions', method: 'DELETE', path });
  const effect = standing.effectOf(reply);
  if (effect) standing.record({ kind: 'erased', ...effect, customerId });
}
