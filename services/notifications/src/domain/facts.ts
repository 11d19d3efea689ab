import { CalendarDate } from '@perennial/calendar';
import { Money } from '@perennial/contracts';
import { z } from 'zod';
import { MailKind } from './mail';

const item = z.object({
  subscriptionId: z.uuid(),
  productName: z.string(),
  quantity: z.int().positive(),
  amount: Money,
});

export const ReceiptFacts = z.object({
  amount: Money,
  paidOn: CalendarDate,
  /** `nextBillingDate` is null where nothing more will be charged. */
  items: z.array(item.extend({ nextBillingDate: CalendarDate.nullable() })),
});

export const DeclinedFacts = z.object({
  amount: Money,
  billingDate: CalendarDate,
  nextAttemptOn: CalendarDate,
  items: z.array(item),
});

export const TerminatedFacts = z.object({
  productName: z.string(),
  endedOn: CalendarDate,
  paymentId: z.uuid().nullable(),
  /** What could not be collected, once it is known here. */
  amount: Money.nullable(),
});

export const CardUnavailableFacts = z.object({
  subscriptionId: z.uuid(),
  productName: z.string(),
  cause: z.enum(['card_expired', 'card_cancelled']),
  endsOn: CalendarDate,
});

export const RefundFacts = z.object({
  amount: Money,
  refundedOn: CalendarDate,
  productNames: z.array(z.string()),
});

/** What a mail says, by its kind. No personal data: the person is asked for when it is sent. */
export const FACTS = {
  payment_receipt: ReceiptFacts,
  payment_declined: DeclinedFacts,
  subscription_terminated: TerminatedFacts,
  card_unavailable: CardUnavailableFacts,
  refund_receipt: RefundFacts,
} satisfies Record<MailKind, z.ZodObject>;

/** A kind with the facts that belong to it. */
export const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('payment_receipt'), facts: ReceiptFacts }),
  z.object({ kind: z.literal('payment_declined'), facts: DeclinedFacts }),
  z.object({ kind: z.literal('subscription_terminated'), facts: TerminatedFacts }),
  z.object({ kind: z.literal('card_unavailable'), facts: CardUnavailableFacts }),
  z.object({ kind: z.literal('refund_receipt'), facts: RefundFacts }),
]);
export type Message = z.infer<typeof Message>;
