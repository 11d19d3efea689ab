import { CalendarDate } from '@perennial/calendar';
import { Money } from '@perennial/contracts';
import { z } from 'zod';

const item = z.object({
  subscriptionId: z.uuid(),
  productName: z.string(),
  quantity: z.int().positive(),
  amount: Money,
});

export const Receipt = z.object({
  amount: Money,
  paidOn: CalendarDate,
  /** `nextBillingDate` is null where nothing more will be charged. */
  items: z.array(item.extend({ nextBillingDate: CalendarDate.nullable() })),
});
export type Receipt = z.infer<typeof Receipt>;

export const Declined = z.object({
  amount: Money,
  billingDate: CalendarDate,
  nextAttemptOn: CalendarDate,
  items: z.array(item),
});
export type Declined = z.infer<typeof Declined>;

export const Terminated = z.object({
  productName: z.string(),
  endedOn: CalendarDate,
  paymentId: z.uuid().nullable(),
  /** What the last charge could not collect for it, where that is known. */
  amount: Money.nullable(),
});
export type Terminated = z.infer<typeof Terminated>;

export const CardLost = z.object({
  subscriptionId: z.uuid(),
  productName: z.string(),
  cause: z.enum(['card_expired', 'card_cancelled']),
  endsOn: CalendarDate,
  /** The subscription has ended on that day; else it will. */
  isOver: z.boolean().default(false),
});
export type CardLost = z.infer<typeof CardLost>;

export const Refunded = z.object({
  amount: Money,
  refundedOn: CalendarDate,
  productNames: z.array(z.string()),
});
export type Refunded = z.infer<typeof Refunded>;

/** What a mail says. No personal data: the person is asked for when it is sent. */
export const Statement = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('payment_receipt'), data: Receipt }),
  z.object({ kind: z.literal('payment_declined'), data: Declined }),
  z.object({ kind: z.literal('subscription_terminated'), data: Terminated }),
  z.object({ kind: z.literal('card_unavailable'), data: CardLost }),
  z.object({ kind: z.literal('refund_receipt'), data: Refunded }),
]);
export type Statement = z.infer<typeof Statement>;
