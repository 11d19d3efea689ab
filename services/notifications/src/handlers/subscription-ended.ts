import { localDate } from '@perennial/calendar';
import { type Envelope, SubscriptionEnded } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import type { z } from 'zod';
import type { Context } from '../context';
import { type MailRequest, requestMails } from '../store/request-mails';
import { keepNewestStandings } from '../store/standings';

type Message = Envelope<z.output<typeof SubscriptionEnded.data>>;

/** A mail about an end that nobody asked for: it was not paid, or the card is gone and nothing was told yet. */
export function onSubscriptionEnded({ ids, clock, time }: Context) {
  return on(SubscriptionEnded, async (messages: readonly Message[], tx) => {
    const news = messages.map(({ data: { subscriptionId }, aggregateversion: version }) => {
      return { subscriptionId, version, standing: { state: 'ended' as const } };
    });
    await keepNewestStandings(news, tx);
    const present = { ids, now: clock.now() };
    const terminated = messages.flatMap((message) => terminatedMail(message, time.zone));
    await requestMails('subscription_terminated', terminated, present, tx);
    const lost = messages.flatMap((message) => cardLostMail(message, time.zone));
    await requestMails('card_unavailable', lost, present, tx);
    return [];
  });
}

/** The last decline and the end, in one. */
function terminatedMail({ data, aggregateversion: version }: Message, zone: string): MailRequest[] {
  if (data.status !== 'terminated') return [];
  const { subscriptionId: entityId, customerId, productName, paymentId } = data;
  const endedOn = localDate(data.endedAt, zone);
  const facts = { productName, endedOn, paymentId, amount: null };
  return [
    {
      ...{ entityId, customerId, version },
      statement: { kind: 'subscription_terminated', data: facts },
    },
  ];
}

/** Once for a cancellation: when it was scheduled, or at the end where that mail was not sent before. */
function cardLostMail({ data, aggregateversion: version }: Message, zone: string): MailRequest[] {
  const { subscriptionId, customerId, productName, reason: cause, cancellationId } = data;
  if (cause !== 'card_expired' && cause !== 'card_cancelled') return [];
  const endsOn = localDate(data.endedAt, zone);
  const facts = { subscriptionId, productName, cause, endsOn, isOver: true };
  return [
    {
      ...{ entityId: cancellationId ?? subscriptionId, customerId, version },
      statement: { kind: 'card_unavailable', data: facts },
    },
  ];
}
