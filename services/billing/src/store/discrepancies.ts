import { Instant } from '@perennial/calendar';
import { DiscrepancyKind } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { Op, type WhereOptions } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';
import { z } from 'zod';
import type { Discrepancy } from '../domain/discrepancy';
import { discrepancyRow } from './account-rows';

@Table({ tableName: 'discrepancies', underscored: true, timestamps: false })
export class DiscrepancyModel extends Model {
  @Column({ type: DataType.CHAR(36), primaryKey: true }) declare id: string;
  @Column(DataType.STRING(32)) declare kind: string;
  @Column(DataType.STRING(16)) declare state: string;
  @Column(DataType.STRING(32)) declare provider: string;
  @Column(DataType.CHAR(36)) declare paymentId: string | null;
  @Column(DataType.STRING(255)) declare about: string;
  @Column(DataType.TEXT('medium')) declare details: string;
  @Column(DataType.CHAR(24)) declare openedAt: string;
  @Column(DataType.TEXT('medium')) declare note: string | null;
}

export const DiscrepancyState = z.enum(['open', 'auto_fixed', 'explained']);

export const StoredDiscrepancy = z.object({
  id: z.string(),
  kind: DiscrepancyKind,
  state: DiscrepancyState,
  provider: z.string(),
  paymentId: z.string().nullable(),
  about: z.string(),
  details: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
  openedAt: Instant,
  note: z.string().nullable(),
});
export type StoredDiscrepancy = z.output<typeof StoredDiscrepancy>;

/** The same trouble, reported before, is left out. */
export async function insertDiscrepancies(found: readonly Discrepancy[], tx: Tx): Promise<void> {
  await tx.insert('discrepancies', found.map(discrepancyRow), { ignoreDuplicates: true });
}

/** Whoever decides about these customers meanwhile may report the same: they are waited for. */
export async function lockOwners(paymentIds: readonly string[], tx: Tx): Promise<void> {
  if (paymentIds.length === 0) return;
  const sql = 'SELECT customer_id FROM payments WHERE id IN (:paymentIds)';
  const ids = (await tx.select(sql, { paymentIds })).map(({ customerId }) => String(customerId));
  if (ids.length === 0) return;
  await tx.select(
    `SELECT customer_id FROM accounts WHERE customer_id IN (:ids) ORDER BY customer_id${tx.forUpdate}`,
    { ids },
  );
}

/** As `insertDiscrepancies`; what evidence has mended already is no person's work. */
export async function insertFound(
  found: readonly Discrepancy[],
  state: 'open' | 'auto_fixed',
  tx: Tx,
): Promise<void> {
  const rows = found.map((one) => ({ ...discrepancyRow(one), state }));
  await tx.insert('discrepancies', rows, { ignoreDuplicates: true });
}

type Trouble = Pick<Discrepancy, 'kind' | 'about'>;

/** The ids of those of these that have been reported, by whomever. */
export async function reportedAmong(
  troubles: readonly Trouble[],
  tx: Tx,
): Promise<(trouble: Trouble) => string | undefined> {
  if (troubles.length === 0) return () => undefined;
  const rows = await tx.select(
    'SELECT id, kind, about FROM discrepancies WHERE kind IN (:kinds) AND about IN (:abouts)',
    {
      kinds: [...new Set(troubles.map(({ kind }) => kind))],
      abouts: troubles.map(({ about }) => about),
    },
  );
  const ids = new Map(rows.map(({ id, kind, about }) => [`${kind} ${about}`, String(id)]));
  return ({ kind, about }) => ids.get(`${kind} ${about}`);
}

export async function lockDiscrepancy(id: string, tx: Tx): Promise<StoredDiscrepancy | null> {
  const sql = `SELECT * FROM discrepancies WHERE id = :id${tx.forUpdate}`;
  const [row] = await tx.select(sql, { id });
  return row ? StoredDiscrepancy.parse(row) : null;
}

export async function explainDiscrepancy(id: string, note: string, tx: Tx): Promise<void> {
  await tx.update('discrepancies', ['id'], [{ id, state: 'explained', note }]);
}

export interface DiscrepancyFilter {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
}

/** Newest first, from `cursor` on: the id of the last one seen. */
export async function listDiscrepancies(
  { state, kind }: DiscrepancyFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: string },
  tx: Tx,
): Promise<StoredDiscrepancy[]> {
  const where: WhereOptions = {
    id: { [Op.lt]: cursor },
    ...(state !== undefined && { state }),
    ...(kind !== undefined && { kind }),
  };
  const rows = await tx.model(DiscrepancyModel).findAll({ where, order: [['id', 'DESC']], limit });
  return rows.map((row) => StoredDiscrepancy.parse(row));
}
