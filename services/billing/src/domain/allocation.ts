import type { Account } from './account';
import type { Payment } from './payment';
import type { Allocation } from './refund';

/** A part of a refund, as an operator gives it. */
export interface Share {
  readonly subscriptionId: string;
  readonly amountMinor: number;
}

/** What of each paid item has not been given back yet, in minor units. */
export function itemsLeft(account: Account, payment: Payment): Map<string, number> {
  const left = new Map(
    payment.items
      .filter(({ status }) => status === 'paid')
      .map(({ subscriptionId, amount }) => [subscriptionId, amount.amountMinor]),
  );
  for (const refund of account.refunds) {
    if (refund.paymentId !== payment.id || refund.status === 'failed') continue;
    for (const { subscriptionId, amount } of refund.items ?? []) {
      left.set(subscriptionId, (left.get(subscriptionId) ?? 0) - amount.amountMinor);
    }
  }
  return left;
}

export function itemLeftMinor(account: Account, payment: Payment, subscriptionId: string): number {
  return itemsLeft(account, payment).get(subscriptionId) ?? 0;
}

/** Clear without being told: everything that is left, or all of it from a payment's only item. */
export function allocatedByItself(
  left: ReadonlyMap<string, number>,
  amountMinor: number,
  currency: string,
): Allocation | null {
  const remaining = [...left].filter(([, minor]) => minor > 0);
  const sum = remaining.reduce((total, [, minor]) => total + minor, 0);
  const [only] = remaining;
  if (remaining.length === 1 && only && amountMinor <= only[1]) {
    return [{ subscriptionId: only[0], amount: { amountMinor, currency } }];
  }
  return sum === amountMinor ? allocationOf(remaining, currency) : null;
}

export type Misfit = 'unknown-item' | 'exceeds-item';

/** What is wrong with each share, if anything; several of one item count together. */
export function misfits(
  left: ReadonlyMap<string, number>,
  shares: readonly Share[],
): (Misfit | null)[] {
  const asked = summed(shares);
  return shares.map(({ subscriptionId }) => {
    const available = left.get(subscriptionId);
    if (available === undefined) return 'unknown-item';
    return (asked.get(subscriptionId) ?? 0) > available ? 'exceeds-item' : null;
  });
}

export function allocated(shares: readonly Share[], currency: string): Allocation {
  return allocationOf([...summed(shares)], currency);
}

export function sumOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

function summed(shares: readonly Share[]): Map<string, number> {
  const asked = new Map<string, number>();
  for (const { subscriptionId, amountMinor } of shares) {
    asked.set(subscriptionId, (asked.get(subscriptionId) ?? 0) + amountMinor);
  }
  return asked;
}

function allocationOf(
  minors: readonly (readonly [string, number])[],
  currency: string,
): Allocation {
  return minors.map(([subscriptionId, amountMinor]) => ({
    subscriptionId,
    amount: { amountMinor, currency },
  }));
}
