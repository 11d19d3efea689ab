import type { Instant } from '@perennial/calendar';

export interface Payment {
  readonly id: string;
  readonly merchantReference: string;
  readonly amount: number;
  /** What went back, and what is on its way back. */
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
  /** Null: made in the provider's dashboard. */
  readonly merchantReference: string | null;
  readonly amount: number;
  readonly currency: string;
  status: 'pending' | 'succeeded' | 'failed';
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

/** What a provider's ids begin with. */
export interface Prefixes {
  readonly payment: string;
  readonly refund: string;
}

/** A provider's books, in memory, in minor units. */
export class Books {
  readonly payments = new Map<string, Payment>();
  readonly refunds: Refund[] = [];
  private readonly byReference = new Map<string, Payment[]>();
  private readonly refundsBy = new Map<string, Refund[]>();
  private readonly refundBy = new Map<string, Refund>();
  private readonly slipped: LedgerCharge[] = [];

  constructor(
    readonly prefixes: Prefixes,
    private lastId = 1,
  ) {}

  newId(prefix: string): string {
    this.lastId += 1;
    return `${prefix}${String(this.lastId).padStart(10, '0')}`;
  }

  add(payment: Payment): void {
    this.payments.set(payment.id, payment);
    const known = this.byReference.get(payment.merchantReference) ?? [];
    this.byReference.set(payment.merchantReference, [...known, payment]);
  }

  addRefund(refund: Refund): void {
    this.refunds.push(refund);
    this.refundsBy.set(refund.paymentId, [...this.refundsOf(refund.paymentId), refund]);
    const { merchantReference } = refund;
    if (merchantReference !== null) this.refundBy.set(merchantReference, refund);
  }

  paymentsOf(reference: string): readonly Payment[] {
    return this.byReference.get(reference) ?? [];
  }

  refundsOf(paymentId: string): readonly Refund[] {
    return this.refundsBy.get(paymentId) ?? [];
  }

  /** The newest of that reference. */
  refundOf(reference: string): Refund | undefined {
    return this.refundBy.get(reference);
  }

  /** A planted fault: money taken of which nobody knows. */
  slipSecondCharge(): LedgerCharge {
    const first = [...this.payments.values()].find(({ status }) => status === 'succeeded');
    if (!first) throw new Error('nothing has been charged yet');
    const charge = { ...chargeOf(first), id: this.newId(this.prefixes.payment) };
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
    this.refundsBy.clear();
    this.refundBy.clear();
    this.slipped.length = 0;
  }
}

function chargeOf({ id, merchantReference, amount, currency, paymentMethod, createdAt }: Payment) {
  return { id, merchantReference, amount, currency, paymentMethod, createdAt };
}
