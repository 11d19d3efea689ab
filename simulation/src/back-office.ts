import type { Instant } from '@perennial/calendar';
import type { Aurora, Crm } from '@perennial/simulators';
import type { ChargeThere } from './people/door';
import type { Books, Mail } from './record';

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

export function booksOf({ books }: Pick<BackOffice, 'books'>): Books {
  return { charges: [...books.payments.values()], refunds: books.refunds };
}

/** `at`: when the CRM took it. */
export function mailOf(sent: ReturnType<Crm['sent']>[number], at: Instant): Mail {
  const { key, to, template, subject, text, html } = sent;
  return { at, key, to: to.email, template, subject, text, html };
}
