import { captures, type Payment } from '../../src/domain/payment';
import { isCaptured, leftOf } from './model-provider';
import type { World } from './world';

/** How it ends, as far as the order in which the same was heard must not matter. */
export function endOf(world: World): string {
  const payments = world.account.payments.map((payment) => endOfPayment(payment, world));
  return payments.sort().join('; ');
}

/** How many of our charges got to a provider. */
export function chargesMade({ account, chargesOf }: World): number {
  const attempts = account.payments.flatMap((payment) => payment.attempts);
  return attempts.flatMap(({ reference }) => chargesOf(reference)).length;
}

function endOfPayment(payment: Payment, world: World): string {
  const { billingDate, status, items } = payment;
  if (!isOneOf(captures(payment).map(({ items }) => JSON.stringify(items)))) {
    // Captured for other cycles each: the money heard of first is kept, and pays for its own.
    return [billingDate, status].join(' ');
  }
  const cycles = items.map((item) => `${item.subscriptionId}${item.cycle} ${item.status}`);
  return [billingDate, status, ...cycles.sort(), keptOf(payment, world)].join(' ');
}

function isOneOf(names: readonly string[]): boolean {
  return new Set(names).size <= 1;
}

/** Of several captures the first heard of is kept, even one that a provider has only told of. */
function keptOf({ attempts }: Payment, { memory, chargesOf, now }: World): number | string {
  const charges = attempts.flatMap(({ reference }) => chargesOf(reference));
  const captured = charges.filter((charge) => isCaptured(charge, now));
  const isInvented = charges.some(
    (charge) => memory.of(charge.reference).succeeded && !captured.includes(charge),
  );
  if (isInvented) return 'some of it is not there';
  const isGivenBack = charges.some((one) => one.refunds.some(({ reference }) => !reference));
  if (captured.length > 1 && isGivenBack) return 'some of it somebody else gave back';
  return captured.reduce((sum, charge) => sum + leftOf(charge), 0);
}
