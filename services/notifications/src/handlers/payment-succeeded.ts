import { localDate } from '@perennial/calendar';
import { PaymentSucceeded } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import type { Context } from '../context';
import { requestMails } from '../store/request-mails';

/** The money is there: one receipt a payment. */
export function onPaymentSucceeded({ ids, clock, time }: Context) {
  return on(PaymentSucceeded, async (messages, tx) => {
    const requests = messages.map(({ data, aggregateversion: version }) => {
      const { paymentId: entityId, customerId, amount, items } = data;
      const paidOn = localDate(data.succeededAt, time.zone);
      const statement = { kind: 'payment_receipt' as const, data: { amount, paidOn, items } };
      return { entityId, customerId, version, statement };
    });
    await requestMails('payment_receipt', requests, { ids, now: clock.now() }, tx);
    return [];
  });
}
