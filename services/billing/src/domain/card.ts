import type { CardUnavailableCause } from '@perennial/contracts';
import type { Account, Customer } from './account';
import type { EndCause } from './schedule';

const END_BY: Record<CardUnavailableCause, EndCause> = {
  expired: 'card_expired',
  cancelled: 'card_cancelled',
};

/** Why a customer must not be charged any more; null: the payment method is good. */
export function cardEnd({ paymentMethod }: Customer): EndCause | null {
  return paymentMethod?.unavailable ? END_BY[paymentMethod.unavailable] : null;
}

/** A late event about a payment method that is no longer used changes nothing. */
export function cardUnavailable(
  account: Account,
  method: { provider: string; reference: string },
  cause: CardUnavailableCause,
): Account {
  const current = account.customer.paymentMethod;
  const isCurrent = current?.provider === method.provider && current.reference === method.reference;
  if (!isCurrent || current.unavailable) return account;
  return {
    ...account,
    customer: { ...account.customer, paymentMethod: { ...current, unavailable: cause } },
  };
}

export interface NewMethod {
  readonly provider: string;
  readonly reference: string;
  readonly combineCharges: boolean;
  readonly version: number;
  /** What is known here of this payment method already. */
  readonly unavailable: CardUnavailableCause | null;
}

/** Takes the newest announcement of a payment method; a good one revokes what the old one's loss began. */
export function paymentMethodChanged(account: Account, method: NewMethod): Account {
  if (method.version <= account.customer.methodVersion) return account;
  return {
    ...account,
    customer: {
      ...account.customer,
      paymentMethod: {
        provider: method.provider,
        reference: method.reference,
        unavailable: method.unavailable,
      },
      combineCharges: method.combineCharges,
      methodVersion: method.version,
    },
  };
}
