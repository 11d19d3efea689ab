import type { Instant } from '@perennial/calendar';
import type { CardUnavailableCause } from '@perennial/contracts';
import { z } from 'zod';

const Text = z.string().trim().min(1).max(200);

/** What is known about a person. Encrypted in the database, and nowhere else. */
export const PersonalData = z.object({
  title: Text.nullable(),
  firstName: Text,
  lastName: Text,
  email: z.string().trim().max(254).pipe(z.email()),
  /** Free text, or the caller's own named lines. */
  address: z.union([Text.max(1000), z.record(z.string().max(64), Text)]).nullable(),
});
export type PersonalData = z.infer<typeof PersonalData>;

interface Registration {
  readonly id: string;
  readonly provider: string;
  /** The token of the card at the provider. */
  readonly paymentMethod: string;
  readonly combineCharges: boolean;
  readonly createdAt: Instant;
  /** Rises with each change. */
  readonly version: number;
}

export type RegisteredCustomer = Registration & {
  readonly status: 'registered';
  readonly personalData: PersonalData;
};
/** The row stays, so that what was bought keeps its owner; the person is gone from it. */
type ErasedCustomer = Registration & {
  readonly status: 'erased';
  readonly erasedAt: Instant;
};
export type Customer = RegisteredCustomer | ErasedCustomer;

/** Known even before a customer registers it: a provider may tell of a card first. */
export interface PaymentMethod {
  readonly provider: string;
  readonly reference: string;
  readonly unavailable: { readonly cause: CardUnavailableCause; readonly at: Instant } | null;
}

export function erased(customer: RegisteredCustomer, erasedAt: Instant): ErasedCustomer {
  const { personalData: _, ...kept } = customer;
  return { ...kept, status: 'erased', erasedAt, version: customer.version + 1 };
}
