import type { Invariant, Violation } from '../invariant';
import { PROVIDERS } from '../record';
import { atRest, violation } from './judging';
import type { Picture } from './picture';

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
    const taken = row?.status === 'succeeded' ? (row.capturedMinor ?? row.amountMinor) : 0;
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
    const taken = row?.capturedMinor ?? row?.amountMinor ?? 0;
    // What is done in a dashboard asks nobody here.
    if (!isNew || origin === 'provider' || sum <= taken) continue;
    yield violation(
      `refund ${id} made it ${sum} of ${taken} at ${at}`,
      ...[id, row?.paymentId ?? attemptId],
    );
  }
}

type Row = Picture['billing']['refunds'][number];

/** By each reference that it ever had, and by the provider's. */
function refundsByName({ billing, trail }: Picture): Map<string, Row[]> {
  const names = new Map<string, Row[]>();
  for (const refund of billing.refunds) {
    const told = (trail.refunds.get(refund.id) ?? []).map(({ said }) => said.request?.reference);
    const own = new Set([refund.reference, refund.providerReference, ...told]);
    for (const name of own) {
      const key = `${refund.provider} ${name}`;
      if (name) names.set(key, [...(names.get(key) ?? []), refund]);
    }
  }
  return names;
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
