import type { Invariant, Violation } from '../invariant';
import { atRest, violation } from './judging';
import { type Charge, keptMinor, type Picture } from './picture';
import type { AttemptRow } from './tables';
import type { Told } from './trail';

export const moneyInvariants: readonly Invariant[] = [
  atRest(
    'money/charged-once',
    "Of each cycle the providers' books keep at most one charge that was not given back.",
    chargedOnce,
  ),
  atRest(
    'money/every-charge-is-ours',
    "Every charge in a provider's books belongs to exactly one attempt of ours, at that provider.",
    everyChargeIsOurs,
  ),
  atRest(
    'money/outcomes-agree',
    "What an attempt has come to is what the provider's books say.",
    outcomesAgree,
  ),
  atRest(
    'money/amounts-agree',
    'A charge has the amount and currency of its attempt, and that is what its cycles cost by the oracle.',
    amountsAgree,
  ),
  atRest(
    'money/own-card',
    'A charge was made with the card that its customer had given to us for that provider when the attempt was made.',
    ownCard,
  ),
];

function* chargedOnce({ billing, people, charges, ...picture }: Picture): Iterable<Violation> {
  const kept = new Map<string, { attempt: AttemptRow; charge: Charge }[]>();
  for (const charge of charges) {
    if (keptMinor(charge) <= 0) continue;
    for (const attempt of picture.attemptsByReference(charge)) {
      for (const { subscriptionId, cycle } of attempt.items ?? []) {
        const name = `${subscriptionId}:${cycle}`;
        kept.set(name, [...(kept.get(name) ?? []), { attempt, charge }]);
      }
    }
  }
  for (const [name, all] of kept) {
    if (all.length < 2) continue;
    // One that the provider failed to give back stays charged, if a person was told of it.
    const unreturned = all.filter(
      ({ attempt, charge }) =>
        charge.keepsMoney &&
        billing.discrepancies.some(
          ({ kind, about }) => kind === 'duplicate_charge' && about === attempt.id,
        ),
    );
    if (all.length - unreturned.length < 2) continue;
    const ids = all.map(({ charge }) => charge.id);
    yield violation(
      `cycle ${name} is charged by ${ids.join(' and ')}`,
      ...name.split(':', 1),
      ...ids,
    );
  }
}

function* everyChargeIsOurs({ charges, attemptsByReference }: Picture): Iterable<Violation> {
  for (const charge of charges) {
    const ours = attemptsByReference(charge).filter(({ provider }) => provider === charge.provider);
    const { id, provider, merchantReference } = charge;
    if (ours.length === 1) continue;
    yield violation(
      `${provider} has the charge ${id} under ${merchantReference}, of which ${ours.length} attempts know`,
      ...[id, merchantReference],
    );
  }
}

/** What the books must hold for each outcome; a decline may have been refused before it was entered. */
const FITS: Readonly<Record<string, (charges: readonly Charge[]) => boolean>> = {
  succeeded: (charges) => charges.some(({ status }) => status === 'succeeded'),
  declined: (charges) => charges.every(({ status }) => status === 'failed'),
  not_sent: (charges) => charges.length === 0,
  pending: (charges) => charges.some(({ status }) => status === 'processing'),
};

function* outcomesAgree({ billing, chargesOf }: Picture): Iterable<Violation> {
  for (const attempt of billing.attempts) {
    const charges = chargesOf(attempt).filter(({ provider }) => provider === attempt.provider);
    const { status, reference, providerReference } = attempt;
    const isNamed = status !== 'succeeded' || charges.some(({ id }) => id === providerReference);
    const fits = FITS[status];
    if (!fits || (fits(charges) && isNamed)) continue;
    const told = charges.map(({ id, status: there }) => `${id} ${there}`).join(', ');
    yield violation(
      `attempt ${reference} is ${status}, and ${attempt.provider} has ${told || 'no charge'}`,
      ...[reference, attempt.paymentId],
    );
  }
}

function* amountsAgree({ billing, people, chargesOf }: Picture): Iterable<Violation> {
  for (const attempt of billing.attempts) {
    const { reference, amountMinor, currency, items } = attempt;
    const plans = (items ?? []).map(
      ({ subscriptionId }) => people.subscriptions.get(subscriptionId)?.plan,
    );
    const owed = plans.reduce((sum, plan) => sum + (plan?.amountMinor ?? Number.NaN), 0);
    if (owed !== amountMinor || plans.some((plan) => plan?.currency !== currency)) {
      yield violation(
        `attempt ${reference} asks for ${amountMinor} ${currency}, and its cycles cost ${owed} ${plans[0]?.currency}`,
        ...[reference, attempt.paymentId],
      );
    }
    for (const charge of chargesOf(attempt)) {
      if (charge.amount === amountMinor && charge.currency === currency) continue;
      yield violation(
        `${charge.id} is over ${charge.amount} ${charge.currency}, and attempt ${reference} over ${amountMinor} ${currency}`,
        ...[reference, attempt.paymentId],
      );
    }
  }
}

function* ownCard({ billing, people, trail, payment, chargesOf }: Picture): Iterable<Violation> {
  for (const attempt of billing.attempts) {
    const customerId = payment.get(attempt.paymentId)?.customerId ?? '';
    const given = people.customers.get(customerId)?.methods ?? [];
    const made = trail.payments
      .get(attempt.paymentId)
      ?.find(({ said }) => said.attempts.some(({ id }) => id === attempt.id));
    const known = latestBefore(trail.customers.get(customerId) ?? [], made?.position ?? 0);
    for (const charge of chargesOf(attempt)) {
      const { provider, paymentMethod } = charge;
      const isGiven = given.some(
        (method) => method.provider === provider && method.paymentMethod === paymentMethod,
      );
      const method = known?.said.paymentMethod;
      if (isGiven && method?.provider === provider && method.reference === paymentMethod) continue;
      yield violation(
        `${charge.id} was made with ${provider} ${paymentMethod}, while customer ${customerId} paid with ${method?.provider} ${method?.reference}`,
        ...[customerId, attempt.reference],
      );
    }
  }
}

/** The newest entry from before that position. */
export function latestBefore<T>(
  entries: readonly Told<T>[],
  position: number,
): Told<T> | undefined {
  return entries.filter((entry) => entry.position < position).at(-1);
}
