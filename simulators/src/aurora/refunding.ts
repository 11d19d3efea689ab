import type { Clock } from '@perennial/calendar';
import type { Books, Payment, Refund } from './books';
import { copiesFor } from './token';
import type { Webhooks } from './webhooks';

export const REASONS = [
  'requested_by_customer',
  'duplicate',
  'fraudulent',
  'service_not_provided',
] as const;

export interface RefundOrder {
  /** Null: made in the dashboard. */
  readonly merchantReference: string | null;
  /** Null: all that is left. */
  readonly amount: number | null;
  readonly reason: string;
}

export type Refunded = Refund | 'payment_not_refundable' | 'refund_exceeds_payment';

export class Refunding {
  constructor(
    private readonly books: Books,
    private readonly webhooks: Webhooks,
    private readonly clock: Clock,
  ) {}

  refund(payment: Payment, order: RefundOrder): Refunded {
    if (payment.status !== 'succeeded') return 'payment_not_refundable';
    const left = payment.amount - payment.amountRefunded;
    if (left === 0) return 'payment_not_refundable';
    const amount = order.amount ?? left;
    if (amount > left) return 'refund_exceeds_payment';
    const refund: Refund = {
      id: this.books.newId('re'),
      paymentId: payment.id,
      merchantReference: order.merchantReference,
      amount,
      currency: payment.currency,
      status: 'succeeded',
      reason: order.reason,
      createdAt: this.clock.now(),
    };
    payment.amountRefunded += amount;
    payment.sequence += 1;
    payment.updatedAt = this.clock.now();
    this.books.refunds.push(refund);
    this.tell(payment, refund);
    return refund;
  }

  private tell(payment: Payment, { id: refundId, ...refund }: Refund): void {
    const { merchantReference, amount, currency, reason } = refund;
    const facts = { refundId, paymentId: payment.id, merchantReference, amount, currency, reason };
    const event = {
      id: this.books.newId('evt'),
      type: 'refund.succeeded',
      createdAt: this.clock.now(),
      livemode: false,
      data: { ...facts, sequence: payment.sequence },
    };
    this.webhooks.send(event, copiesFor(payment.paymentMethod));
  }
}
