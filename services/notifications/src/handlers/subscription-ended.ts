import { localDate } from '@perennial/calendar';
import { SubscriptionEnded } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import type { Context } from '../context';
import { requestMails } from '../store/request-mails';
import { keepNewestStandings } from '../store/standings';

/** A mail only about the end that came from not paying: the last decline and the end, in one. */
export function onSubscriptionEnded({ ids, clock, time }: Context) {
  return on(SubscriptionEnded, async (messages, tx) => {
    const news = messages.map(({ data: { subscriptionId }, aggregateversion: version }) => {
      return { subscriptionId, version, standing: { state: 'ended' as const } };
    });
    await keepNewestStandings(news, tx);

    const terminated = messages.filter(({ data }) => data.status === 'terminated');
    const requests = terminated.map(({ data, aggregateversion: version }) => {
      const { subscriptionId: entityId, customerId, productName, paymentId } = data;
      const endedOn = localDate(data.endedAt, time.zone);
      const facts = { productName, endedOn, paymentId, amount: null };
      const statement = { kind: 'subscription_terminated' as const, data: facts };
      return { entityId, customerId, version, statement };
    });
    await requestMails('subscription_terminated', requests, { ids, now: clock.now() }, tx);
    return [];
  });
}
