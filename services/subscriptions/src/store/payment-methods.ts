import { Instant } from '@perennial/calendar';
import { CardUnavailableCause } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { PaymentMethod } from '../domain/customer';

const MethodRow = z
  .object({
    provider: z.string(),
    reference: z.string(),
    unavailableCause: CardUnavailableCause.nullable(),
    unavailableAt: Instant.nullable(),
  })
  .transform(
    ({ unavailableCause: cause, unavailableAt: at, ...key }): PaymentMethod => ({
      ...key,
      unavailable: cause && at ? { cause, at } : null,
    }),
  );

/** Of one provider. Those that are not known are left out: nothing is known against them. */
export async function findMethods(
  provider: string,
  references: readonly string[],
  tx: Tx,
): Promise<PaymentMethod[]> {
  return select(provider, references, '', tx);
}

/**
 * Locks the rows, and makes those that are missing: the registration of a card and the word that it
 * is unavailable take turns, whichever comes first. Lock methods before customers and subscriptions.
 */
export async function lockMethods(
  provider: string,
  references: readonly string[],
  tx: Tx,
): Promise<PaymentMethod[]> {
  const known = await select(provider, references, tx.forUpdate, tx);
  if (known.length === references.length) return known;
  const unknown = references.filter((one) => !known.some(({ reference }) => reference === one));
  const nothing = { unavailableCause: null, unavailableAt: null };
  const rows = unknown.map((reference) => ({ provider, reference, ...nothing }));
  await tx.insert('payment_methods', rows, { ignoreDuplicates: true });
  return select(provider, references, tx.forUpdate, tx);
}

export async function saveMethods(methods: readonly PaymentMethod[], tx: Tx): Promise<void> {
  if (methods.length === 0) return;
  const rows = methods.map(({ provider, reference, unavailable }) => ({
    provider,
    reference,
    unavailableCause: unavailable?.cause ?? null,
    unavailableAt: unavailable?.at ?? null,
  }));
  await tx.update('payment_methods', ['provider', 'reference'], rows);
}

async function select(
  provider: string,
  references: readonly string[],
  lock: string,
  tx: Tx,
): Promise<PaymentMethod[]> {
  if (references.length === 0) return [];
  const rows = await tx.select(
    `SELECT provider, reference, unavailable_cause, unavailable_at FROM payment_methods
     WHERE provider = :provider AND reference IN (:references) ORDER BY reference${lock}`,
    { provider, references },
  );
  return rows.map((row) => MethodRow.parse(row));
}
