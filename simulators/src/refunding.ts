import type { Clock } from '@perennial/calendar';
import type { Books, Payment, Refund } from './books';
import type { Teller } from './charging';
import type { Pending } from './pending';
import { COPIES, copiesFor, type RefundFate } from './token';

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
    private readonly pending: Pending,
    private readonly teller: Teller,
    private readonly clock: Clock,
  ) {}

  refund(payment: Payment, order: RefundOrder, fate: RefundFate): Refunded {
    if (payment.status !== 'succeeded') return 'payment_not_refundable';
    const left = payment.amount - payment.amountRefunded;
    if (left === 0) return 'payment_not_refundable';
    const amount = order.amount ?? left;
    if (amount > left) return 'refund_exceeds_payment';
    const refund = this.enter(payment, { ...order, amount });
    if (fate.pending) this.pending.add(() => this.decide(payment, refund, fate), fate.pendingMs);
    else this.decide(payment, refund, fate);
    return refund;
  }

  /** Where a refund that cannot be is one that has failed. */
  refundOrDecline(
    payment: Payment,
    order: RefundOrder & { readonly amount: number },
    fate: RefundFate,
  ): Refund {
    const refunded = this.refund(payment, order, fate);
    if (typeof refunded !== 'string') return refunded;
    const refund = this.enter(payment, order);
    this.decide(payment, refund, { ...fate, fails: true });
    return refund;
  }

  /** By somebody at the provider; `reference` is ours of the payment, or the provider's id of it. */
  refundInDashboard(
    reference: string,
    order: Pick<RefundOrder, 'amount' | 'reason'>,
  ): Refunded | null {
    const payment =
      this.books.payments.get(reference) ??
      this.books.paymentsOf(reference).find(({ status }) => status === 'succeeded');
    if (!payment) return null;
    const webhooks = copiesFor(payment.paymentMethod) === COPIES.thrice ? 'thrice' : 'once';
    const fate = { fails: false, pending: false, webhooks } as const;
    return this.refund(payment, { ...order, merchantReference: null }, fate);
  }

  private enter(payment: Payment, order: RefundOrder & { readonly amount: number }): Refund {
    const { merchantReference, amount, reason } = order;
    const id = this.books.newId(this.books.prefixes.refund);
    const now = this.clock.now();
    const refund: Refund = {
      ...{ id, paymentId: payment.id, merchantReference, amount, reason },
      ...{ currency: payment.currency, status: 'pending', createdAt: now },
    };
    payment.amountRefunded += amount;
    payment.updatedAt = now;
    this.books.addRefund(refund);
    return refund;
  }

  private decide(payment: Payment, refund: Refund, { fails, webhooks }: RefundFate): void {
    refund.status = fails ? 'failed' : 'succeeded';
    if (fails) payment.amountRefunded -= refund.amount;
    payment.sequence += 1;
    payment.updatedAt = this.clock.now();
    this.teller.refund(payment, refund, COPIES[webhooks]);
  }
}
