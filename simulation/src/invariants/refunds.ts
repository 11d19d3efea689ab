import { z } from 'zod';
import type { Invariant, Violation } from '../invariant';
import { mayHaveAsked } from '../oracle/ends';
import { PROVIDERS } from '../record';
import { atRest, byAllClocks, violation } from './judging';
import { type Picture, takenMinor } from './picture';
import type { RefundRow } from './tables';

export const refundInvariants: readonly Invariant[] = [
  atRest(
    'refunds/never-more-than-captured',
    "Refunds of a charge never add up to more than it took, in the provider's books and in ours.",
    neverMoreThanCaptured,
  ),
  atRest(
    'refunds/begun-within-what-is-left',
    'No refund of ours is begun that would exceed what its charge took, less what went back or is on its way.',
    begunWithinWhatIsLeft,
  ),
  atRest(
    'refunds/every-refund-is-known',
    "Every refund in a provider's books is a refund of ours, of the same sum, charge and outcome, or was shown to a person.",
    everyRefundIsKnown,
  ),
  atRest(
    'refunds/agree-with-the-books',
    'A refund that we call made is in the books of the provider, under one reference of ours or as the dashboard named it.',
    agreeWithTheBooks,
  ),
  atRest(
    'refunds/asked-is-made',
    'A refund that an operator asked for is there, of that sum, once.',
    askedIsMade,
  ),
  atRest(
    'refunds/by-itself-for-a-reason',
    'Nothing goes back by itself but a cycle that crossed the wish to end before it, of its own sum, or a second capture.',
    byItselfForAReason,
  ),
  atRest(
    'refunds/failed-by-evidence',
    "A refund of ours fails only by the provider's word: it failed in the books, or was refused.",
    failedByEvidence,
  ),
  atRest(
    'refunds/told-is-booked',
    "A refund of the provider's own that a message told of is booked here, or was refused and shown to a person.",
    toldIsBooked,
  ),
];

function* neverMoreThanCaptured({ charges, billing, attempt }: Picture): Iterable<Violation> {
  for (const { id, amount, refunds, status, merchantReference } of charges) {
    const back = refunds.reduce((sum, refund) => sum + refund.amount, 0);
    if (back > 0 && (back > amount || status !== 'succeeded')) {
      yield violation(`${back} went back of ${id}, which took ${amount}`, merchantReference);
    }
  }
  const sums = new Map<string, number>();
  for (const { attemptId, status, amountMinor } of billing.refunds) {
    if (status !== 'failed') sums.set(attemptId, (sums.get(attemptId) ?? 0) + amountMinor);
  }
  const captures = new Map(billing.captures.map((row) => [row.attemptId, row]));
  for (const [id, sum] of sums) {
    const row = attempt.get(id);
    const taken = row?.status === 'succeeded' ? takenMinor(row) : 0;
    const kept = captures.get(id);
    if (sum > taken)
      yield violation(
        `refunds of ${sum} of attempt ${row?.reference}, which took ${taken}`,
        row?.paymentId ?? id,
      );
    if (kept?.refundedMinor !== sum || kept.capturedMinor !== taken) {
      yield violation(
        `the capture of attempt ${row?.reference} says ${kept?.refundedMinor} of ${kept?.capturedMinor} instead of ${sum} of ${taken}`,
        row?.paymentId ?? id,
      );
    }
  }
}

function* begunWithinWhatIsLeft({ trail, attempt }: Picture): Iterable<Violation> {
  const told = [...trail.refunds.values()].flat();
  const back = new Map<string, Map<string, number>>();
  for (const { said, at } of told.sort((one, other) => one.position - other.position)) {
    const { id, attemptId, amount, status, origin } = said;
    const of = back.get(attemptId) ?? new Map<string, number>();
    back.set(attemptId, of);
    const isNew = !of.has(id);
    of.set(id, status === 'failed' ? 0 : amount.amountMinor);
    const sum = [...of.values()].reduce((total, one) => total + one, 0);
    const row = attempt.get(attemptId);
    const taken = row ? takenMinor(row) : 0;
    // What is done in a dashboard asks nobody here.
    if (!isNew || origin === 'provider' || sum <= taken) continue;
    yield violation(
      `refund ${id} made it ${sum} of ${taken} at ${at}`,
      ...[id, row?.paymentId ?? attemptId],
    );
  }
}

/** By each reference that it ever had, and by the provider's. */
function refundsByName({ billing, trail }: Picture): Map<string, RefundRow[]> {
  const names = new Map<string, RefundRow[]>();
  for (const refund of billing.refunds) {
    const own = [refund.reference, refund.providerReference, ...referencesOf(refund, trail)];
    for (const name of new Set(own)) {
      const key = `${refund.provider} ${name}`;
      if (name) names.set(key, [...(names.get(key) ?? []), refund]);
    }
  }
  return names;
}

/** Under which it was ever asked for. */
function referencesOf({ id }: RefundRow, { refunds }: Picture['trail']): readonly string[] {
  return (refunds.get(id) ?? []).flatMap(({ said }) => said.request?.reference ?? []);
}

function* everyRefundIsKnown(picture: Picture): Iterable<Violation> {
  const names = refundsByName(picture);
  const shown = picture.billing.discrepancies.filter(
    ({ kind }) => kind.startsWith('refund_') || kind === 'missing_here',
  );
  for (const provider of PROVIDERS) {
    for (const booked of picture.record.books[provider].refunds) {
      const { id, merchantReference, amount, status, paymentId, currency } = booked;
      const ours = names.get(`${provider} ${merchantReference ?? id}`) ?? [];
      const [refund] = ours;
      const charge = picture.attempt.get(refund?.attemptId ?? '')?.providerReference;
      const agrees =
        ours.length === 1 &&
        refund?.amountMinor === amount &&
        refund.currency === currency &&
        charge === paymentId &&
        (refund.status === status || status === 'failed');
      const isShown = shown.some(({ about, details }) => `${about} ${details}`.includes(id));
      // A refund from the dashboard that failed moved nothing, and is nobody's business.
      if (agrees || isShown || (ours.length === 0 && status === 'failed')) continue;
      yield violation(
        `${provider} has the refund ${id} of ${amount}, ${status}; here: ${ours.map((one) => `${one.id} of ${one.amountMinor}, ${one.status}`).join(' and ') || 'nothing'}`,
        ...[id, paymentId],
      );
    }
  }
}

function* agreeWithTheBooks(picture: Picture): Iterable<Violation> {
  const names = refundsByName(picture);
  const made = new Map<string, number>();
  for (const provider of PROVIDERS) {
    for (const { id, merchantReference, status } of picture.record.books[provider].refunds) {
      if (status !== 'succeeded') continue;
      for (const { id: ours } of names.get(`${provider} ${merchantReference ?? id}`) ?? []) {
        made.set(ours, (made.get(ours) ?? 0) + 1);
      }
    }
  }
  for (const { id, status, paymentId } of picture.billing.refunds) {
    const times = made.get(id) ?? 0;
    if (times === (status === 'succeeded' ? 1 : 0)) continue;
    yield violation(
      `refund ${id} is ${status}, and the provider made it ${times} times`,
      id,
      paymentId,
    );
  }
}

function* askedIsMade({ people, billing }: Picture): Iterable<Violation> {
  const rows = new Map(billing.refunds.map((row) => [row.id, row]));
  const asked = new Set<string>();
  for (const { refundId, paymentId, amountMinor } of people.refundsAsked) {
    asked.add(refundId);
    const row = rows.get(refundId);
    if (
      row?.paymentId === paymentId &&
      row.amountMinor === amountMinor &&
      row.origin === 'operator'
    )
      continue;
    yield violation(
      `refund ${refundId} of ${amountMinor} was asked for; here it is ${row?.amountMinor} of ${row?.paymentId}`,
      paymentId,
    );
  }
  for (const { id, origin, paymentId } of billing.refunds) {
    if (origin === 'operator' && !asked.has(id))
      yield violation(`nobody asked for refund ${id}`, paymentId);
  }
}

function* byItselfForAReason(picture: Picture): Iterable<Violation> {
  for (const refund of picture.billing.refunds) {
    if (refund.origin !== 'automatic') continue;
    const isRight = refund.items
      ? refund.items.every((item) => crossedItsEnd(refund, item, picture))
      : isOfSecondCapture(refund, picture);
    if (isRight) continue;
    yield violation(
      `refund ${refund.id} gives back ${refund.amountMinor} of payment ${refund.paymentId} by itself`,
      refund.paymentId,
    );
  }
}

type Share = NonNullable<RefundRow['items']>[number];

function crossedItsEnd(
  { paymentId }: RefundRow,
  { subscriptionId, amount }: Share,
  { people, cyclesOf }: Picture,
): boolean {
  const subscription = people.subscriptions.get(subscriptionId);
  const cycle = cyclesOf(paymentId).find((one) => one.subscriptionId === subscriptionId);
  if (!subscription || !cycle || amount.amountMinor > cycle.amountMinor) return false;
  return mayHaveAsked(subscription, byAllClocks(subscription.plan.chargeTimeOf(cycle.cycle)));
}

function isOfSecondCapture(
  { paymentId, attemptId }: RefundRow,
  { attemptsOf, chargesOf }: Picture,
): boolean {
  const captured = attemptsOf(paymentId).filter((attempt) =>
    chargesOf(attempt).some(({ status }) => status === 'succeeded'),
  );
  return captured.length > 1 && captured.some(({ id }) => id === attemptId);
}

const REFUSED = /refund_exceeds_payment|payment_not_refundable|"rc":"(05|25)"/;

function* failedByEvidence({ billing, trail, record, callsOf }: Picture): Iterable<Violation> {
  const failed = new Set(
    PROVIDERS.flatMap((provider) =>
      record.books[provider].refunds
        .filter(({ status }) => status === 'failed')
        .map(({ id, merchantReference }) => `${provider} ${merchantReference ?? id}`),
    ),
  );
  for (const refund of billing.refunds) {
    const { id, status, provider, providerReference, paymentId, origin } = refund;
    if (status !== 'failed' || origin === 'provider') continue;
    const names = referencesOf(refund, trail);
    const isBooked = [...names, providerReference].some((name) =>
      failed.has(`${provider} ${name}`),
    );
    const calls = names.flatMap((reference) => callsOf({ reference }));
    const isRefused = calls.some(({ heard, answer }) => heard && REFUSED.test(answer ?? ''));
    if (isBooked || isRefused) continue;
    yield violation(`refund ${id} is failed, and the provider never said so`, id, paymentId);
  }
}

const Told = z.object({
  type: z.literal('provider.refund.v1'),
  data: z.object({
    ...{ provider: z.string(), providerReference: z.string(), reference: z.null() },
    outcome: z.literal('success'),
  }),
});
/** Reconciliation shows it as well, but is no excuse for having thrown away what was told. */
const REFUSALS = ['refund_exceeds_payment', 'refund_unmatched'];

function* toldIsBooked({ messages, billing }: Picture): Iterable<Violation> {
  const booked = new Set(billing.refunds.map((row) => `${row.provider} ${row.providerReference}`));
  const refused = billing.discrepancies.filter(({ kind }) => REFUSALS.includes(kind));
  for (const { at, ...message } of messages) {
    const { success, data: told } = Told.safeParse(message);
    if (!success) continue;
    const { provider, providerReference: id } = told.data;
    const isShown = refused.some(({ about, details }) => `${about} ${details}`.includes(id));
    if (booked.has(`${provider} ${id}`) || isShown) continue;
    yield violation(`nothing is known here of ${id} of ${provider}, told at ${at}`, id);
  }
}
