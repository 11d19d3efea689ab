import { Currency, type Money } from '@perennial/contracts';
import { z } from 'zod';
import { moneyOf } from './amounts';

/** Borealis' own number of a charge or reversal. */
export const No = z.string().regex(/^[!-~]{1,64}$/, 'expected visible ASCII characters');

/** Approved, pending, declined, unknown. */
export const St = z.enum(['A', 'P', 'D', 'U']);
export type St = z.output<typeof St>;

/** Why it was declined. */
export const Rsn = z.string().nullish();

const ExtRef = z.string().nullable();

/** A charge with its reversals, as the bank's books have it: in enquiries and statements. */
export const Transaction = z
  .object({
    ...{ txnNo: No, extRef: ExtRef, st: St, rsn: Rsn, sum: z.string(), ccy: Currency },
    revs: z.array(z.object({ revNo: No, extRef: ExtRef, sum: z.string(), st: St })),
  })
  .transform(({ sum, ccy, revs, ...told }, context) => ({
    ...told,
    amount: exactly(sum, ccy, context),
    // In the currency of the charge.
    revs: revs.map(({ sum: part, ...rev }) => ({ ...rev, amount: exactly(part, ccy, context) })),
  }));
export type Transaction = z.output<typeof Transaction>;

function exactly(sum: string, ccy: string, context: z.RefinementCtx): Money {
  const money = moneyOf(sum, ccy);
  if (money) return money;
  context.addIssue({ code: 'custom', path: ['sum'], message: 'no exact amount of its currency' });
  return z.NEVER;
}
