import type { Instant } from '@perennial/calendar';
import { CardUnavailableCause } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { z } from 'zod';

interface Method {
  readonly provider: string;
  /** The card's token at the provider. */
  readonly reference: string;
}

const MethodRow = z.object({
  provider: z.string(),
  paymentMethod: z.string(),
  cause: CardUnavailableCause.nullable(),
});

/**
 * Locks what is known of these methods, and makes a row for those of which nothing is: so the word
 * that a card is lost and the word that somebody pays with it take turns, whichever comes first. These
 * locks are taken before those of accounts. Returns why a method is unavailable; null: it is good.
 */
export async function lockMethods(methods: readonly Method[], tx: Tx) {
  const rows = [...new Map(methods.map((method) => [keyOf(method), method])).values()]
    .map(({ provider, reference }) => ({ provider, paymentMethod: reference }))
    .sort((a, b) => (keyOfRow(a) < keyOfRow(b) ? -1 : 1));
  const blank = rows.map((row) => ({ ...row, cause: null, toldAt: null }));
  await tx.insert('methods', blank, { ignoreDuplicates: true });
  const found = await tx.select(
    `SELECT provider, payment_method, cause FROM methods
     WHERE provider IN (:providers) AND payment_method IN (:references) ORDER BY provider, payment_method${tx.forUpdate}`,
    {
      providers: rows.map(({ provider }) => provider),
      references: rows.map(({ paymentMethod }) => paymentMethod),
    },
  );
  const causes = new Map(
    found.map((raw) => {
      const row = MethodRow.parse(raw);
      return [keyOfRow(row), row.cause];
    }),
  );
  return (method: Method) => causes.get(keyOf(method)) ?? null;
}

export async function markUnavailable(
  methods: readonly (Method & { cause: CardUnavailableCause })[],
  toldAt: Instant,
  tx: Tx,
): Promise<void> {
  const rows = methods.map(({ provider, reference, cause }) => ({
    ...{ provider, paymentMethod: reference, cause, toldAt },
  }));
  await tx.update('methods', ['provider', 'paymentMethod'], rows);
}

function keyOf({ provider, reference }: Method): string {
  return `${provider} ${reference}`;
}

function keyOfRow({ provider, paymentMethod }: { provider: string; paymentMethod: string }) {
  return keyOf({ provider, reference: paymentMethod });
}
