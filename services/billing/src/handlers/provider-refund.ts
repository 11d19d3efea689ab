import { type Envelope, ProviderRefund } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { causeOf, on } from '@perennial/messaging';
import type { z } from 'zod';
import { type Context, presently } from '../context';
import type { Account } from '../domain/account';
import { evidenceOf, recordDashboardRefund, waitsForOurs } from '../domain/dashboard-refund';
import type { Moment } from '../domain/moment';
import { captures } from '../domain/payment';
import { settleRefund } from '../domain/refund-settlement';
import { Accounts } from '../store/accounts';
import { placesOfCaptures, placesOfRefunds } from '../store/find-accounts';
import { hold } from '../store/held-events';

type Told = z.output<typeof ProviderRefund.data>;
type Message = Envelope<Told>;

/** One for a payment that is unknown here, or not succeeded yet, waits. */
export function onProviderRefund(context: Context) {
  return on(ProviderRefund, async (messages: readonly Message[], tx) => {
    const { announcements, unmatched } = await applyRefunds(messages, context, tx);
    await hold(unmatched, waitsFor, context.clock.now(), tx);
    return announcements;
  });
}

function waitsFor({ reference, paymentProviderReference }: Told): string {
  return reference ?? paymentProviderReference;
}

interface Place {
  readonly customerId: string;
  readonly paymentId: string;
}

/** The webhook of a refund that we started settles it, and is not a second one. */
export async function applyRefunds(messages: readonly Message[], context: Context, tx: Tx) {
  const placeOf = await placesIn(messages, tx);
  const placed = messages.map((message) => ({ message, place: placeOf(message.data) }));
  const known = placed.flatMap(({ place }) => (place ? [place] : []));
  const moment = presently(context);
  const accounts = await Accounts.lock(
    known.map(({ customerId }) => customerId),
    { paymentIds: known.map(({ paymentId }) => paymentId) },
    tx,
  );
  const unmatched: Message[] = [];
  for (const { message, place } of placed) {
    if (!place || mustWait(accounts.get(place.customerId), place, message.data)) {
      unmatched.push(message);
      continue;
    }
    accounts.decide(place.customerId, causeOf(message), moment, (account) =>
      message.data.reference === null
        ? recorded(account, place, message.data, moment)
        : settled(account, message.data.reference, message.data, moment),
    );
  }
  return { announcements: await accounts.save(moment, context.ids), unmatched };
}

async function placesIn(messages: readonly Message[], tx: Tx) {
  const own = messages.flatMap(({ data }) => (data.reference === null ? [] : [data.reference]));
  const refunds = await placesOfRefunds(own, tx);
  const charges = await placesOfCaptures(
    messages
      .filter(({ data }) => data.reference === null)
      .map(({ data }) => ({
        provider: data.provider,
        providerReference: data.paymentProviderReference,
      })),
    tx,
  );
  return (told: Told): Place | undefined =>
    told.reference === null
      ? charges.find(
          (one) =>
            one.provider === told.provider &&
            one.providerReference === told.paymentProviderReference,
        )
      : refunds.find((one) => one.provider === told.provider && one.reference === told.reference);
}

function settled(account: Account, reference: string, told: Told, moment: Moment): Account {
  return settleRefund(account, reference, evidenceOf(told), 'webhook', moment);
}

function recorded(account: Account, place: Place, told: Told, moment: Moment): Account {
  const found = captureOf(account, place, told);
  return found
    ? recordDashboardRefund(account, found.payment, found.attempt, told, moment)
    : account;
}

function mustWait(account: Account, place: Place, told: Told): boolean {
  if (told.reference !== null) return false;
  const found = captureOf(account, place, told);
  return found !== null && waitsForOurs(account, found.attempt, told);
}

function captureOf(account: Account, { paymentId }: Place, told: Told) {
  const payment = account.payments.find(({ id }) => id === paymentId);
  const attempt =
    payment &&
    captures(payment).find(
      ({ providerReference }) => providerReference === told.paymentProviderReference,
    );
  return payment && attempt ? { payment, attempt } : null;
}
