import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { Customer } from '../domain/account';
import { CustomerRow } from './account-rows';

export async function findCustomer(id: string, tx: Tx): Promise<Customer | null> {
  const [row] = await tx.select('SELECT * FROM accounts WHERE customer_id = :id', { id });
  return row ? CustomerRow.parse(row) : null;
}

/** Those of these customers whose card is gone. */
export async function unchargeable(customerIds: readonly string[], tx: Tx): Promise<Set<string>> {
  if (customerIds.length === 0) return new Set();
  const rows = await tx.select(
    `SELECT customer_id FROM accounts
     WHERE customer_id IN (:customerIds) AND unavailable IS NOT NULL`,
    { customerIds },
  );
  return new Set(rows.map(({ customerId }) => String(customerId)));
}

const Payer = z
  .object({ customerId: z.string(), provider: z.string(), paymentMethod: z.string() })
  .transform(({ paymentMethod: reference, ...payer }) => ({ ...payer, reference }));

/** Customers whose current method is one of these, and perhaps some whose is not. */
export async function payingWith(
  methods: readonly { provider: string; reference: string }[],
  tx: Tx,
): Promise<z.output<typeof Payer>[]> {
  if (methods.length === 0) return [];
  const rows = await tx.select(
    `SELECT customer_id, provider, payment_method FROM accounts
     WHERE provider IN (:providers) AND payment_method IN (:references)`,
    {
      providers: methods.map(({ provider }) => provider),
      references: methods.map(({ reference }) => reference),
    },
  );
  return rows.map((row) => Payer.parse(row));
}

const AttemptPlace = z.object({
  reference: z.string(),
  provider: z.string(),
  paymentId: z.string(),
  customerId: z.string(),
});
export type AttemptPlace = z.output<typeof AttemptPlace>;

/** Where attempts with these references of ours are. */
export async function placesOfAttempts(
  references: readonly string[],
  tx: Tx,
): Promise<AttemptPlace[]> {
  if (references.length === 0) return [];
  const rows = await tx.select(
    `SELECT attempts.reference, attempts.provider, payments.id AS payment_id, payments.customer_id
     FROM attempts JOIN payments ON payments.id = attempts.payment_id
     WHERE attempts.reference IN (:references)`,
    { references },
  );
  return rows.map((row) => AttemptPlace.parse(row));
}

const RefundPlace = z.object({
  reference: z.string(),
  provider: z.string(),
  paymentId: z.string(),
  customerId: z.string(),
});

/** Where refunds that we started are, by our reference. */
export async function placesOfRefunds(
  references: readonly string[],
  tx: Tx,
): Promise<z.output<typeof RefundPlace>[]> {
  if (references.length === 0) return [];
  const rows = await tx.select(
    `SELECT refunds.reference, refunds.provider, payments.id AS payment_id, payments.customer_id
     FROM refunds JOIN payments ON payments.id = refunds.payment_id
     WHERE refunds.reference IN (:references)`,
    { references },
  );
  return rows.map((row) => RefundPlace.parse(row));
}

const CapturePlace = z.object({
  providerReference: z.string(),
  provider: z.string(),
  attemptId: z.string(),
  paymentId: z.string(),
  customerId: z.string(),
});

/** Where charges that took money are, by the provider's own ids. */
export async function placesOfCaptures(
  captures: readonly { provider: string; providerReference: string }[],
  tx: Tx,
): Promise<z.output<typeof CapturePlace>[]> {
  if (captures.length === 0) return [];
  const rows = await tx.select(
    `SELECT attempts.provider_reference, attempts.provider, attempts.id AS attempt_id,
            payments.id AS payment_id, payments.customer_id
     FROM attempts JOIN payments ON payments.id = attempts.payment_id
     WHERE attempts.provider IN (:providers) AND attempts.provider_reference IN (:references)
       AND attempts.status = 'succeeded'`,
    {
      providers: captures.map(({ provider }) => provider),
      references: captures.map(({ providerReference }) => providerReference),
    },
  );
  return rows.map((row) => CapturePlace.parse(row));
}
