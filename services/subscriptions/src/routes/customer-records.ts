import { type AuditEntry, writeAudit } from '@perennial/audit';
import type { Instant } from '@perennial/calendar';
import { type Announcement, type Cause, PaymentMethodChanged } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { invalid, notFound } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import type { Customer, PaymentMethod, RegisteredCustomer } from '../domain/customer';
import { findMethods, lockMethods } from '../store/payment-methods';

/** A card in a body: the name of a registered provider, and the card's token there. */
export const methodInput = {
  provider: z.string(),
  paymentMethod: z.string().trim().min(1).max(255),
};

/** Who is erased is nobody that could be found. */
export function registered(customer: Customer | null): RegisteredCustomer {
  if (customer?.status !== 'registered') throw notFound('customer');
  return customer;
}

export async function methodOf(
  { provider, paymentMethod }: Customer,
  tx: Tx,
): Promise<PaymentMethod | null> {
  const [method] = await findMethods(provider, [paymentMethod], tx);
  return method ?? null;
}

/** Locks the card until it is the customer's: it cannot become unavailable unnoticed in between. */
export async function lockUsableMethod(
  { providers }: Context,
  { provider, paymentMethod }: { provider: string; paymentMethod: string },
  tx: Tx,
): Promise<void> {
  if (!providers.includes(provider)) {
    const message = 'This is not the name of a registered provider.';
    throw invalid([{ pointer: '/provider', code: 'unknown-provider', message }]);
  }
  const [method] = await lockMethods(provider, [paymentMethod], tx);
  if (!method?.unavailable) return;
  const message = `This payment method is known to be unavailable: ${method.unavailable.cause}.`;
  throw invalid([{ pointer: '/paymentMethod', code: 'payment-method-unavailable', message }]);
}

export function methodChanged(
  { id: customerId, provider, paymentMethod, combineCharges, version }: Customer,
  changedAt: Instant,
  cause: Cause,
): Announcement {
  const data = { customerId, provider, paymentMethod, combineCharges, changedAt };
  return PaymentMethodChanged.of(customerId, version, data, cause);
}

/** Without personal data: that it changed is told, not what it is. */
export async function auditCustomer(
  from: Customer['status'] | null,
  customer: Customer,
  { cause, at, context, tx }: { cause: Cause; at: Instant; context: Context; tx: Tx },
): Promise<void> {
  const { id, status, provider, paymentMethod, combineCharges, createdAt, version } = customer;
  const facts = { id, provider, paymentMethod, combineCharges, createdAt, version };
  const entity = { type: 'customer', id };
  const entry: AuditEntry = { entity, from, to: status, facts, cause, at };
  await writeAudit([entry], tx, context.ids);
}
