import { type Envelope, PaymentOutcome } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { causeOf, on } from '@perennial/messaging';
import type { z } from 'zod';
import { type Context, presently } from '../context';
import type { ChargeEvidence } from '../domain/evidence';
import { settleCharge } from '../domain/settlement';
import { Accounts } from '../store/accounts';
import { placesOfAttempts } from '../store/find-accounts';
import { hold } from '../store/held-events';

type Outcome = z.output<typeof PaymentOutcome.data>;
type Message = Envelope<Outcome>;

/** One that comes before our own record of the attempt waits for it. */
export function onPaymentOutcome(context: Context) {
  return on(PaymentOutcome, async (messages: readonly Message[], tx) => {
    const { announcements, unmatched } = await applyOutcomes(messages, context, tx);
    await hold(unmatched, ({ reference }) => reference, context.clock.now(), tx);
    return announcements;
  });
}

/** Through the same rule as a response and an enquiry. */
export async function applyOutcomes(messages: readonly Message[], context: Context, tx: Tx) {
  const references = messages.map(({ data }) => data.reference);
  const places = new Map(
    (await placesOfAttempts(references, tx)).map((place) => [
      `${place.provider} ${place.reference}`,
      place,
    ]),
  );
  const placed = messages.map((message) => ({
    message,
    place: places.get(`${message.data.provider} ${message.data.reference}`),
  }));
  const known = placed.flatMap(({ place }) => (place ? [place] : []));
  const moment = presently(context);
  const accounts = await Accounts.lock(
    known.map(({ customerId }) => customerId),
    { paymentIds: known.map(({ paymentId }) => paymentId) },
    tx,
  );
  for (const { message, place } of placed) {
    if (!place) continue;
    const evidence = evidenceOf(message.data);
    accounts.decide(place.customerId, causeOf(message), moment, (account) =>
      settleCharge(account, place.reference, evidence, 'webhook', moment),
    );
  }
  return {
    announcements: await accounts.save(moment, context.ids),
    unmatched: placed.flatMap(({ message, place }) => (place ? [] : [message])),
  };
}

function evidenceOf(told: Outcome): ChargeEvidence {
  const { outcome, reason, rawReason, providerReference, amount } = told;
  return outcome === 'success'
    ? { outcome: 'succeeded', providerReference, amount }
    : { outcome: 'declined', reason: reason ?? 'unknown', rawReason, providerReference };
}
