import { type Account, withRefund } from './account';
import { allocated, itemsLeft, type Misfit, misfits, type Share, sumOf } from './allocation';
import type { Payment } from './payment';
import type { Refund } from './refund';

export type Allocating =
  | { readonly account: Account; readonly refund: Refund }
  | { readonly refused: 'already-allocated' | 'refund-failed' | 'sum-differs' }
  | { readonly refused: 'misfits'; readonly misfits: readonly (Misfit | null)[] };

/**
 * An operator says to which items a refund belongs of which nobody has said it yet, once and wholly.
 * Billing rules: "Provider events", refund.
 */
export function allocateRefund(
  account: Account,
  payment: Payment,
  refund: Refund,
  shares: readonly Share[],
): Allocating {
  if (refund.items) return { refused: 'already-allocated' };
  if (refund.status === 'failed') return { refused: 'refund-failed' };
  const wrong = misfits(itemsLeft(account, payment), shares);
  if (wrong.some((misfit) => misfit !== null)) return { refused: 'misfits', misfits: wrong };
  if (sumOf(shares) !== refund.amount.amountMinor) return { refused: 'sum-differs' };
  const said = { ...refund, items: allocated(shares, refund.amount.currency) };
  return { refund: said, account: withRefund(account, said) };
}
