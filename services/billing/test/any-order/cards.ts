import type { PaymentMethod } from '../../src/domain/account';
import { cardUnavailable, paymentMethodChanged } from '../../src/domain/card';
import { FIRST_CARD } from './begin';
import type { Step } from './history';
import type { World } from './world';

function methodOf({ account }: World): PaymentMethod {
  const { paymentMethod } = account.customer;
  if (!paymentMethod) throw new Error('there is no card');
  return paymentMethod;
}

export function loseCard(
  world: World,
  { old, cause }: Extract<Step, { do: 'lose the card' }>,
): void {
  const { provider, reference } = methodOf(world);
  const method = { provider, reference: old ? FIRST_CARD : reference };
  world.loses(method);
  world.decide((account) => cardUnavailable(account, method, cause));
}

/** A new one, or the first again, of which it may be known that it is lost. */
export function takeCard(world: World, old: boolean, provider = methodOf(world).provider): void {
  const version = world.account.customer.methodVersion + 1;
  const reference = old ? FIRST_CARD : `card_${version}`;
  const unavailable = world.isLost({ provider, reference }) ? ('expired' as const) : null;
  const { combineCharges } = world.account.customer;
  world.decide((account) =>
    paymentMethodChanged(account, { provider, reference, combineCharges, version, unavailable }),
  );
}

export function switchProvider(world: World): void {
  const { provider } = methodOf(world);
  const other = Object.keys(world.sheets).find((name) => name !== provider);
  takeCard(world, false, other);
}
