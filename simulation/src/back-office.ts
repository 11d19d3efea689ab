import type { Aurora } from '@perennial/simulators';
import type { ChargeThere } from './people/door';

/** Of either provider: what its own people see and do, whom our services do not know. */
export type BackOffice = Pick<Aurora, 'books' | 'refundInDashboard'>;

/** Whether something was given back. */
export function giveBack(there: BackOffice, chargeId: string, amount: number): boolean {
  const refund = there.refundInDashboard(chargeId, { amount, reason: 'requested_by_customer' });
  return typeof refund === 'object' && refund !== null;
}

/** Those that took money from the card, the oldest first. */
export function takenFrom({ books }: BackOffice, card: string): readonly ChargeThere[] {
  return [...books.payments.values()]
    .filter(({ paymentMethod, status }) => paymentMethod === card && status === 'succeeded')
    .map(({ id, amount: amountMinor, amountRefunded: refundedMinor }) => ({
      ...{ id, amountMinor, refundedMinor },
    }));
}
