import { localDate } from '@perennial/calendar';
import { PaymentRefunded } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import type { Context } from '../context';
import { requestMails } from '../store/request-mails';

/** Money went back: one receipt a refund. */
export function onPaymentRefunded({ ids, clock, time }: Context) {
  return on(PaymentRefunded, async (messages, tx) => {
    const requests = messages.map(({ data, aggregateversion: version }) => {
      const { refundId: entityId, customerId, amount, productNames } = data;
      const refundedOn = localDate(data.refundedAt, time.zone);
      const facts = { amount, refundedOn, productNames };
      const statement = { kind: 'refund_receipt' as const, data: facts };
      return { entityId, customerId, version, statement };
    });
    await requestMails('refund_receipt', requests, { ids, now: clock.now() }, tx);
    return [];
  });
}
