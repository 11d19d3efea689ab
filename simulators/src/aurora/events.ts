import type { Clock } from '@perennial/calendar';
import type { Books, Payment, Refund } from '../books';
import type { Teller } from '../charging';
import type { LostCard } from '../steering';
import { copiesFor } from '../token';
import type { Webhooks } from './webhooks';

/** What Aurora tells, as its events say it. */
export class Events implements Teller {
  constructor(
    private readonly books: Books,
    readonly webhooks: Webhooks,
    private readonly clock: Clock,
  ) {}

  charge(payment: Payment, times: number): void {
    const { id: paymentId, merchantReference, amount, currency } = payment;
    const { status, sequence, failure } = payment;
    const facts = { paymentId, merchantReference, amount, currency, status, sequence };
    const type = status === 'succeeded' ? 'payment.succeeded' : 'payment.failed';
    this.send(type, failure ? { ...facts, failure } : facts, times);
  }

  refund({ sequence }: Payment, refund: Refund, times: number): void {
    const { id: refundId, paymentId, merchantReference, amount, currency, reason } = refund;
    const facts = { refundId, paymentId, merchantReference, amount, currency, reason, sequence };
    this.send(`refund.${refund.status}`, facts, times);
  }

  loseCard(card: LostCard): string {
    return this.send('card.unavailable', card, copiesFor(card.paymentMethod));
  }

  private send(type: string, data: object, times: number): string {
    const id = this.books.newId('evt_');
    this.webhooks.send({ id, type, createdAt: this.clock.now(), livemode: false, data }, times);
    return id;
  }
}
