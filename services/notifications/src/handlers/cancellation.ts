import { CancellationRevoked, CancellationScheduled } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import type { Context } from '../context';
import { type MailRequest, requestMails } from '../store/request-mails';
import { keepNewestStandings } from '../store/standings';

/** Only a cancellation that a lost card brought is told: the other kind the customer asked for. */
export function onCancellationScheduled({ ids, clock }: Context) {
  return on(CancellationScheduled, async (messages, tx) => {
    const news = messages.map(({ data, aggregateversion: version }) => {
      const { subscriptionId, cancellationId, on: endsOn, reason } = data;
      const byCard = reason === 'card_expired' || reason === 'card_cancelled';
      const standing = { state: 'ending' as const, cancellationId, endsOn, byCard };
      return { subscriptionId, version, standing };
    });
    await keepNewestStandings(news, tx);

    const requests = messages.flatMap(({ data, aggregateversion: version }): MailRequest[] => {
      const { subscriptionId, customerId, cancellationId: entityId, productName } = data;
      const { on: endsOn, reason: cause } = data;
      if (cause !== 'card_expired' && cause !== 'card_cancelled') return [];
      const facts = { subscriptionId, productName, cause, endsOn, isOver: false };
      const statement = { kind: 'card_unavailable' as const, data: facts };
      return [{ entityId, customerId, version, statement }];
    });
    await requestMails('card_unavailable', requests, { ids, now: clock.now() }, tx);
    return [];
  });
}

export function onCancellationRevoked() {
  return on(CancellationRevoked, async (messages, tx) => {
    const news = messages.map(({ data: { subscriptionId }, aggregateversion: version }) => {
      return { subscriptionId, version, standing: { state: 'going_on' as const } };
    });
    await keepNewestStandings(news, tx);
    return [];
  });
}
