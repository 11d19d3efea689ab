import { Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { OurCharge, OurRefund } from '../domain/reconciliation';
import { AttemptRow } from './payment-rows';
import type { MatchKind } from './reconciliation-matches';
import { RefundRow } from './refund-rows';

interface Shown {
  readonly providerReference: string;
  readonly reference: string | null;
}

/** Attempts with one of the provider's references, else with one of ours. */
export async function chargesShown(
  provider: string,
  shown: readonly Shown[],
  tx: Tx,
): Promise<OurCharge[]> {
  return known(shown, ({ attempt }) => attempt.providerReference, {
    byTheirs: (references) =>
      charges(
        'attempts.provider = :provider AND attempts.provider_reference IN (:references)',
        { provider, references },
        tx,
      ),
    byOurs: async (references) =>
      (await charges('attempts.reference IN (:references)', { references }, tx)).filter(
        ({ attempt }) => attempt.provider === provider,
      ),
  });
}

export async function refundsShown(
  provider: string,
  shown: readonly Shown[],
  tx: Tx,
): Promise<OurRefund[]> {
  return known(shown, ({ refund }) => refund.providerReference, {
    byTheirs: (references) =>
      refunds(
        'refunds.provider = :provider AND refunds.provider_reference IN (:references)',
        { provider, references },
        tx,
      ),
    byOurs: async (references) =>
      (await refunds('refunds.reference IN (:references)', { references }, tx)).filter(
        ({ refund }) => refund.provider === provider,
      ),
  });
}

export async function chargesById(ids: readonly string[], tx: Tx): Promise<OurCharge[]> {
  return ids.length === 0 ? [] : charges('attempts.id IN (:ids)', { ids }, tx);
}

export async function refundsById(ids: readonly string[], tx: Tx): Promise<OurRefund[]> {
  return ids.length === 0 ? [] : refunds('refunds.id IN (:ids)', { ids }, tx);
}

async function known<Ours>(
  shown: readonly Shown[],
  theirNameOf: (ours: Ours) => string | null,
  find: Record<'byTheirs' | 'byOurs', (references: readonly string[]) => Promise<Ours[]>>,
): Promise<Ours[]> {
  if (shown.length === 0) return [];
  const byTheirs = await find.byTheirs(shown.map((one) => one.providerReference));
  const found = new Set(byTheirs.map(theirNameOf));
  const left = shown
    .filter((one) => !found.has(one.providerReference))
    .flatMap(({ reference }) => reference ?? []);
  if (left.length === 0) return byTheirs;
  const byOurs = await find.byOurs(left);
  return [...byTheirs, ...byOurs.filter((one) => !found.has(theirNameOf(one)))];
}

type Values = Readonly<Record<string, unknown>>;

async function charges(condition: string, values: Values, tx: Tx): Promise<OurCharge[]> {
  const rows = await tx.select(
    `SELECT attempts.*, payments.customer_id
     FROM attempts JOIN payments ON payments.id = attempts.payment_id WHERE ${condition}`,
    values,
  );
  return rows.map((row) => ({ ...AttemptRow.parse(row), ...Owner.parse(row) }));
}

const Owner = z.object({ customerId: z.string() });
const Refunded = Owner.extend({ paymentReference: z.string().nullable() });

async function refunds(condition: string, values: Values, tx: Tx): Promise<OurRefund[]> {
  const rows = await tx.select(
    `SELECT refunds.*, payments.customer_id, attempts.provider_reference AS payment_reference
     FROM refunds JOIN payments ON payments.id = refunds.payment_id
     JOIN attempts ON attempts.id = refunds.attempt_id WHERE ${condition}`,
    values,
  );
  return rows.map((row) => ({ refund: RefundRow.parse(row), ...Refunded.parse(row) }));
}

/** Where one of ours is in its window: in the order of its time, and of its id. */
export interface Place {
  readonly at: Instant;
  readonly id: string;
}

const PlaceRow = z.object({ at: Instant, id: z.string(), status: z.string() });
export type PlaceRow = z.output<typeof PlaceRow>;

const TABLE = {
  charge: { name: 'attempts', at: 'started_at', index: 'attempts_started' },
  refund: { name: 'refunds', at: 'created_at', index: 'refunds_created' },
} as const;

/**
 * Those with the place's own time first: an index finds both parts in order, a comparison of pairs none.
 * It is named, because ids rise with time and so tempt MySQL to walk through all that is newer.
 */
export async function ourPage(
  kind: MatchKind,
  { provider, after, to }: { provider: string; after: Place; to: Instant },
  limit: number,
  tx: Tx,
): Promise<PlaceRow[]> {
  const { name, at, index } = TABLE[kind];
  const by = tx.dialect === 'mysql' ? `FORCE INDEX (${index})` : `INDEXED BY ${index}`;
  const select = `SELECT id, ${at} AS at, status FROM ${name} ${by} WHERE provider = :provider`;
  const same = await tx.select(`${select} AND ${at} = :at AND id > :id ORDER BY id LIMIT :limit`, {
    provider,
    ...after,
    limit,
  });
  const later =
    same.length === limit
      ? []
      : await tx.select(
          `${select} AND ${at} > :at AND ${at} < :to ORDER BY ${at}, id LIMIT :limit`,
          { provider, at: after.at, to, limit: limit - same.length },
        );
  return [...same, ...later].map((row) => PlaceRow.parse(row));
}
