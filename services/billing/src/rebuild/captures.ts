import { captures, type Payment } from '../domain/payment';
import type { Refund } from '../domain/refund';
import { captureRow } from '../store/save-accounts';
import type { Rebuilt } from './entities';

/** What was taken, and what of it was given back, as the audit trail tells it. Memory grows with the refunds. */
export class ToldCaptures {
  private readonly refunds = new Map<string, Refund[]>();

  add(refund: Refund): void {
    const others = (this.refunds.get(refund.attemptId) ?? []).filter(({ id }) => id !== refund.id);
    this.refunds.set(refund.attemptId, [...others, refund]);
  }

  /** All refunds must have been added. */
  rowsOf(payment: Payment): Rebuilt[] {
    return captures(payment).map((attempt) => ({
      table: 'captures',
      key: ['attemptId'],
      row: captureRow(attempt, this.refunds.get(attempt.id) ?? []),
    }));
  }
}
