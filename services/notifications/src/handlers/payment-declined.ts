import { PaymentDeclined } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import type { Context } from '../context';
import { requestMails } from '../store/request-mails';

/**
 * One mail a payment, about its first decline. A later one only corrects what a mail says that has not
 * been sent yet: when we try again.
 */
export function onPaymentDeclined({ ids, clock }: Context) {
  return on(PaymentDeclined, async (messages, tx) => {
    const requests = messages.map(({ data, aggregateversion: version }) => {
      const { paymentId: entityId, customerId, amount, billingDate, nextAttemptOn, items } = data;
      const facts = { amount, billingDate, nextAttemptOn, items };
      const statement = { kind: 'payment_declined' as const, data: facts };
      return { entityId, customerId, version, statement };
    });
    await requestMails('payment_declined', requests, { ids, now: clock.now() }, tx);
    return [];
  });
}
