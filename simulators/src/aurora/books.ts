import type { Instant } from '@perennial/calendar';

export interface Payment {
  readonly id: string;
  readonly merchantReference: string;
  readonly amount: number;
  amountRefunded: number;
  readonly currency: string;
  status: 'processing' | 'succeeded' | 'failed';
  failure: { readonly code: string; readonly message: string } | null;
  readonly paymentMethod: string;
  sequence: number;
  readonly createdAt: Instant;
  updatedAt: Instant;
}

export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly merchantReference: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly reason: string;
  readonly createdAt: Instant;
}

/** What moved money: the truth that tests compare with. */
export interface Ledger {
  readonly charges: readonly LedgerCharge[];
  readonly refunds: readonly Refund[];
}
export type LedgerCharge = Pick<
  Payment,
  'id' | 'merchantReference' | 'amount' | 'currency' | 'paymentMethod' | 'createdAt'
>;

/** Aurora's books, in memory. */
export class Books {
  readonly payments = new Map<string, Payment>();
  readonly refunds: Refund[] = [];
  private readonly byReference = new Map<string, Payment[]>();
  private readonly slipped: LedgerCharge[] = [];
  private nextId = 1;

  newId(prefix: string): string {
    this.nextId += 1;
    return `${prefix}_${String(this.nextId).padStart(10, '0')}`;
  }

  add(payment: Payment): void {
    this.payments.set(payment.id, payment);
    const known = this.byReference.get(payment.merchantReference) ?? [];
    this.byReference.set(payment.merchantReference, [...known, payment]);
  }

  paymentsOf(reference: string): readonly Payment[] {
    return this.byReference.get(reference) ?? [];
  }

  /** A planted fault: money taken of which nobody knows. */
  slipSecondCharge(): LedgerCharge {
    const first = [...this.payments.values()].find(({ status }) => status === 'succeeded');
    if (!first) throw new Error('nothing has been charged yet');
    const charge = { ...chargeOf(first), id: this.newId('pay') };
    this.slipped.push(charge);
    return charge;
  }

  ledger(): Ledger {
    const charged = [...this.payments.values()].filter(({ status }) => status === 'succeeded');
    return {
      charges: [...charged.map(chargeOf), ...this.slipped],
      refunds: this.refunds.filter(({ status }) => status === 'succeeded'),
    };
  }

  clear(): void {
    this.payments.clear();
    this.byReference.clear();
    this.refunds.length = 0;
    this.slipped.length = 0;
  }
}

function chargeOf({ id, merchantReference, amount, currency, paymentMethod, createdAt }: Payment) {
  return { id, merchantReference, amount, currency, paymentMethod, createdAt };
}
