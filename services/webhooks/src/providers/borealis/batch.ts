import { type Instant, instantOfMs } from '@perennial/calendar';
import { Currency } from '@perennial/contracts';
import { z } from 'zod';
import type { Json } from '../../door/strict-json';
import { VisibleId } from '../reading';
import { moneyOf } from './amount';

const MAX_ITEMS = 250;
const FIRST_SECOND_OF_3000 = 32_503_680_000;

/** Numbers and texts of digits mean the same; zeros in front are part of a text. */
const Digits = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,64}$/)])
  .transform((digits) => String(digits));

const EpochSeconds = z
  .int()
  .nonnegative()
  .lt(FIRST_SECOND_OF_3000)
  .transform((seconds): Instant => instantOfMs(seconds * 1000));

export const Batch = z.object({
  // Stars stand only in an item that was in quarantine, where the digits looked like a card's.
  batchNo: z.union([Digits, z.string().regex(/^[\d*]{1,64}$/)]),
  sentTs: z.int().nonnegative(),
  count: z.int().nonnegative(),
  items: z.array(z.custom<Json>()).max(MAX_ITEMS),
});
export type Batch = z.output<typeof Batch>;

const EventType = VisibleId.max(64);

export const Head = z.object({ evNo: Digits, evType: EventType });
export type Head = z.output<typeof Head>;

/** Of an item that cannot be used, what can be read all the same. */
export const Traces = z
  .object({ evNo: Digits.nullable().catch(null), evType: EventType.nullable().catch(null) })
  .catch({ evNo: null, evType: null });

/** Our reference, as far as Borealis takes one. */
const ExtRef = z.string().regex(/^[A-Za-z0-9]{1,32}$/, 'expected at most 32 letters and digits');
const Word = z.string().min(1);

const paid = {
  txnNo: VisibleId,
  extRef: ExtRef,
  sum: z.string(),
  ccy: Currency,
  evTs: EpochSeconds,
  seq: z.int().nonnegative(),
};

export const ChargeOk = z
  // A reason of failure would contradict the type.
  .object({ ...paid, rsn: z.null().optional() })
  .transform(withAmount);

export const ChargeFail = z.object({ ...paid, rsn: Word }).transform(withAmount);

export const Reversal = z
  // No reference of ours: made at the bank's own desk.
  .object({ ...paid, revNo: VisibleId, extRef: ExtRef.nullable(), rsnCode: Word })
  .transform(withAmount);

export const CardDead = z.object({
  cardToken: VisibleId,
  why: z.enum(['E', 'C']),
  evTs: EpochSeconds,
});

function withAmount<Item extends { readonly sum: string; readonly ccy: string }>(
  item: Item,
  context: z.RefinementCtx,
) {
  const amount = moneyOf(item.sum, item.ccy);
  if (amount !== null) return { ...item, amount };
  const message = 'expected a positive decimal, exact in its currency, as in "12.50"';
  context.addIssue({ code: 'custom', path: ['sum'], message });
  return z.NEVER;
}
