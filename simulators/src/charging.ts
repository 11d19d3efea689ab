import type { Clock } from '@perennial/calendar';
import type { Books, Payment, Refund } from './books';
import type { Pending } from './pending';
import { type ChargeFate, COPIES } from './token';

/** Tells the outside, in the provider's own words, what was decided. */
export interface Teller {
  charge(payment: Payment, times: number): void;
  refund(payment: Payment, refund: Refund, times: number): void;
}

export interface Order {
  readonly merchantReference: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** Charges are decided here, whatever becomes of their answers. */
export class Charging {
  constructor(
    private readonly books: Books,
    private readonly pending: Pending,
    private readonly teller: Teller,
    private readonly clock: Clock,
  ) {}

  charge(order: Order, fate: ChargeFate): Payment {
    const now = this.clock.now();
    const payment: Payment = {
      ...order,
      id: this.books.newId(this.books.prefixes.payment),
      amountRefunded: 0,
      status: 'processing',
      failure: null,
      sequence: 1,
      createdAt: now,
      updatedAt: now,
    };
    this.books.add(payment);
    if (fate.pending) this.pending.add(() => this.decide(payment, fate), fate.pendingMs);
    else this.decide(payment, fate);
    return payment;
  }

  private decide(payment: Payment, { declineCode, webhooks }: ChargeFate): void {
    payment.updatedAt = this.clock.now();
    payment.sequence += 1;
    payment.status = declineCode === null ? 'succeeded' : 'failed';
    payment.failure =
      declineCode === null ? null : { code: declineCode, message: 'The charge was declined.' };
    this.teller.charge(payment, COPIES[webhooks]);
  }
}
