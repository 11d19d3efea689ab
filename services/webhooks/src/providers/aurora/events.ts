import { Instant } from '@perennial/calendar';
import { CardUnavailableCause, Currency } from '@perennial/contracts';
import { z } from 'zod';
import { VisibleId } from '../reading';

export const Event = z.object({
  id: VisibleId,
  type: VisibleId.max(64),
  createdAt: Instant,
  livemode: z.boolean(),
  data: z.unknown(),
});
export type Event = z.infer<typeof Event>;

const payment = {
  paymentId: VisibleId,
  merchantReference: VisibleId.max(64),
  amount: z.int().positive(),
  currency: Currency,
  sequence: z.int().nonnegative(),
};

export const PaymentSucceededData = z.object({
  ...payment,
  status: z.literal('succeeded'),
  // A reason of failure would contradict the type.
  failure: z.null().optional(),
});

export const PaymentFailedData = z.object({
  ...payment,
  status: z.literal('failed'),
  failure: z.object({ code: z.string().min(1), message: z.string() }),
});

const RefundData = z.object({
  refundId: VisibleId,
  ...payment,
  // Null: made in Aurora's dashboard.
  merchantReference: payment.merchantReference.nullable(),
  // Absent: all that is left.
  amount: payment.amount.optional(),
  reason: z.string().min(1),
});

export const RefundSucceededData = RefundData.extend({ status: z.literal('succeeded').optional() });
export const RefundFailedData = RefundData.extend({ status: z.literal('failed').optional() });

export const CardUnavailableData = z.object({
  paymentMethod: VisibleId,
  cause: CardUnavailableCause,
  expMonth: z.int().min(1).max(12).optional(),
  expYear: z.int().positive().optional(),
  last4: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
});
