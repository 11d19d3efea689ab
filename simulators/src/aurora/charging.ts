import { addMs, type Clock, type Instant } from '@perennial/calendar';
import type { Books, Payment } from './books';
import type { Behaviour } from './token';
import type { AuroraEvent, Webhooks } from './webhooks';

const MINUTE_MS = 60_000;
/** How long a charge that was accepted stays open. */
const PENDING_MS = 5 * MINUTE_MS;

export interface Order {
  readonly merchantReference: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** Charges are decided here, whatever becomes of their answers. */
export class Charging {
  private readonly pending: {
    readonly payment: Payment;
    readonly at: Instant;
    readonly behaviour: Behaviour;
  }[] = [];

  constructor(
    private readonly books: Books,
    private readonly webhooks: Webhooks,
    private readonly clock: Clock,
  ) {}

  charge(order: Order, behaviour: Behaviour): Payment {
    const now = this.clock.now();
    const payment: Payment = {
      ...order,
      id: this.books.newId('pay'),
      amountRefunded: 0,
      status: 'processing',
      failure: null,
      sequence: 1,
      createdAt: now,
      updatedAt: now,
    };
    this.books.add(payment);
    if (behaviour.pending) {
      this.pending.push({ payment, at: addMs(now, PENDING_MS), behaviour });
    } else this.decide(payment, behaviour);
    return payment;
  }

  nextAt(): Instant | null {
    return this.pending[0]?.at ?? null;
  }

  decideDue(): void {
    const now = this.clock.now();
    for (let first = this.pending[0]; first && first.at <= now; first = this.pending[0]) {
      this.pending.shift();
      this.decide(first.payment, first.behaviour);
    }
  }

  clear(): void {
    this.pending.length = 0;
  }

  private decide(payment: Payment, { declineCode, webhooks }: Behaviour): void {
    payment.updatedAt = this.clock.now();
    payment.sequence += 1;
    payment.status = declineCode === null ? 'succeeded' : 'failed';
    payment.failure =
      declineCode === null ? null : { code: declineCode, message: 'The charge was declined.' };
    const times = { once: 1, first: 1, thrice: 3, never: 0 }[webhooks];
    this.webhooks.send(outcomeEvent(payment, this.books.newId('evt'), this.clock.now()), times);
  }
}

function outcomeEvent(payment: Payment, id: string, createdAt: Instant): AuroraEvent {
  const { merchantReference, amount, currency, status, sequence, failure } = payment;
  const facts = { paymentId: payment.id, merchantReference, amount, currency, status, sequence };
  return {
    ...{ id, createdAt, livemode: false },
    type: status === 'succeeded' ? 'payment.succeeded' : 'payment.failed',
    data: failure ? { ...facts, failure } : facts,
  };
}
