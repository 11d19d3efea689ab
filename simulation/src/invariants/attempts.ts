import type { Invariant, Violation } from '../invariant';
import type { Call } from '../record';
import { atRest, byAllClocks, byAnyClock, violation } from './judging';
import type { Picture } from './picture';
import type { AttemptFacts, PaymentFacts, Told } from './trail';

export const attemptInvariants: readonly Invariant[] = [
  atRest(
    'money/attempts-are-fixed',
    'What an attempt asks for, its reference, its key and its body never change after it is made.',
    attemptsAreFixed,
  ),
  atRest(
    'money/one-unresolved',
    'A payment never has an unresolved attempt beside another that is under way.',
    oneUnresolved,
  ),
  atRest(
    'money/outcomes-have-evidence',
    'No attempt is called paid, declined or not sent before the provider has let us know so, truly.',
    outcomesHaveEvidence,
  ),
  atRest(
    'money/trouble-is-shown',
    'A second capture, money after the end and money after a decline are each shown to a person.',
    troubleIsShown,
  ),
  atRest(
    'money/committed-before-sent',
    'Every charge that is sent belongs to an attempt that was committed, with that key and body, before.',
    committedBeforeSent,
  ),
];

function* attemptsAreFixed({ trail, attempt: rows }: Picture): Iterable<Violation> {
  for (const [paymentId, entries] of trail.payments) {
    const first = new Map<string, string>();
    for (const { said, at } of entries) {
      for (const attempt of said.attempts) {
        const now = fixedOf({ ...attempt, amountMinor: attempt.amount.amountMinor });
        const before = first.get(attempt.id) ?? now;
        first.set(attempt.id, before);
        if (now === before) continue;
        yield violation(
          `attempt ${attempt.reference} was ${before}, and at ${at} ${now}`,
          ...[attempt.reference, paymentId],
        );
      }
    }
    for (const [id, before] of first) {
      const row = rows.get(id);
      if (row && fixedOf(row) === before) continue;
      yield violation(`attempt ${id} was ${before}, and is ${row && fixedOf(row)}`, id, paymentId);
    }
  }
}

type Fixed = Pick<
  AttemptFacts,
  'number' | 'provider' | 'reference' | 'idempotencyKey' | 'body' | 'items'
>;

function fixedOf(attempt: Fixed & { readonly amountMinor: number }): string {
  const { number, provider, amountMinor, reference, idempotencyKey, body, items } = attempt;
  const names = (items ?? []).map(({ subscriptionId, cycle }) => `${subscriptionId}:${cycle}`);
  return JSON.stringify([number, provider, amountMinor, reference, idempotencyKey, body, names]);
}

const UNRESOLVED = new Set(['created', 'pending', 'unknown']);

function* oneUnresolved({ trail }: Picture): Iterable<Violation> {
  for (const [paymentId, entries] of trail.payments) {
    for (const { said, at } of entries) {
      const open = said.attempts.filter(
        ({ status, nextActionAt }) => UNRESOLVED.has(status) || nextActionAt !== null,
      );
      if (open.length < 2) continue;
      const names = open.map(({ reference }) => reference);
      yield violation(
        `payment ${paymentId} has ${names.join(' and ')} under way at ${at}`,
        paymentId,
        ...names,
      );
    }
  }
}

function* outcomesHaveEvidence(picture: Picture): Iterable<Violation> {
  for (const [paymentId, entries] of picture.trail.payments) {
    let before: Told<PaymentFacts> | undefined;
    for (const entry of entries) {
      for (const attempt of entry.said.attempts) {
        const earlier = before?.said.attempts.find(({ id }) => id === attempt.id);
        if (earlier?.status === attempt.status) continue;
        const missing = missingEvidence(attempt, earlier, entry, picture);
        if (!missing) continue;
        yield violation(
          `attempt ${attempt.reference} went from ${earlier?.status} to ${attempt.status} at ${entry.at}, but ${missing}`,
          ...[attempt.reference, paymentId],
        );
      }
      before = entry;
    }
  }
}

function missingEvidence(
  attempt: AttemptFacts,
  earlier: AttemptFacts | undefined,
  entry: Told<PaymentFacts>,
  { chargesOf, callsOf }: Picture,
): string | null {
  const charges = chargesOf(attempt);
  const calls = callsOf(attempt).filter(({ at }) => at <= byAllClocks(entry.at));
  const heard = (kind: Call['kind']) => calls.filter((call) => call.kind === kind && call.heard);
  const decided = charges.filter(({ decidedAt }) => decidedAt <= byAllClocks(entry.at));
  switch (attempt.status) {
    case 'succeeded':
      return decided.some(({ status }) => status === 'succeeded')
        ? missingWay(attempt, entry, heard)
        : 'the provider had taken nothing';
    case 'declined':
      return decided.some(({ status }) => status === 'failed')
        ? missingWay(attempt, entry, heard)
        : 'the provider had not declined it';
    case 'not_sent':
      if (charges.some(({ createdAt }) => byAllClocks(createdAt) < entry.at))
        return 'it is at the provider';
      return earlier?.status === 'unknown' && !isDenied(attempt, calls)
        ? 'nobody had said that it is not there'
        : null;
    default:
      return null;
  }
}

function missingWay(
  { settledBy }: AttemptFacts,
  { actor }: Told<PaymentFacts>,
  heard: (kind: Call['kind']) => readonly Call[],
): string | null {
  if (settledBy === 'response' && heard('charge').length === 0) return 'no answer had been heard';
  if (settledBy === 'enquiry' && heard('enquiry').length === 0)
    return 'no enquiry had been answered';
  if (settledBy === 'webhook' && !actor.startsWith('provider:')) return 'no provider had told it';
  return null;
}

/** By an enquiry since the last send; or the last send was turned away, or never left. */
function isDenied({ lastSentAt, startedAt }: AttemptFacts, calls: readonly Call[]): boolean {
  const since = byAnyClock(lastSentAt ?? startedAt);
  const recent = calls.filter(({ at }) => at >= since);
  if (recent.some(({ kind, heard }) => kind === 'enquiry' && heard)) return true;
  const sent = recent.filter(({ kind }) => kind === 'charge').at(-1);
  return !sent?.arrived || /^(401|429|503)\b|"rc":"(29|93)"/.test(sent.answer ?? '');
}

function* troubleIsShown({ trail, billing }: Picture): Iterable<Violation> {
  const shown = new Set(billing.discrepancies.map(({ kind, about }) => `${kind} ${about}`));
  for (const [paymentId, entries] of trail.payments) {
    let before: PaymentFacts | undefined;
    for (const { said, at } of entries) {
      for (const { id, reference } of said.attempts.filter(
        ({ status }) => status === 'succeeded',
      )) {
        const kind = before && troubleWith(id, before);
        if (!kind || shown.has(`${kind} ${id}`)) continue;
        yield violation(
          `nobody was shown the ${kind} of attempt ${reference} at ${at}`,
          ...[reference, paymentId],
        );
      }
      before = said;
    }
  }
}

/** What a success is, after this; null: as it should be, or no news. */
function troubleWith(id: string, { status, attempts }: PaymentFacts): string | null {
  const earlier = attempts.find((attempt) => attempt.id === id);
  if (earlier?.status === 'succeeded') return null;
  if (attempts.some((attempt) => attempt.status === 'succeeded')) return 'duplicate_charge';
  if (status === 'exhausted' || status === 'abandoned') return 'late_success';
  return earlier?.status === 'declined' ? 'contradicting_outcome' : null;
}

function* committedBeforeSent({
  record,
  attemptsByReference,
  trail,
}: Picture): Iterable<Violation> {
  for (const call of record.calls) {
    if (call.kind !== 'charge') continue;
    const [attempt] = attemptsByReference({ merchantReference: call.reference });
    const made = trail.payments
      .get(attempt?.paymentId ?? '')
      ?.find(({ said }) => said.attempts.some(({ id }) => id === attempt?.id));
    const key = call.provider === 'borealis' ? attempt?.reference : attempt?.idempotencyKey;
    if (made && made.at <= byAllClocks(call.at) && attempt?.body === call.body && key === call.key)
      continue;
    yield violation(
      `${call.reference} was sent at ${call.at} with the key ${call.key}, and committed ${made ? `at ${made.at} as ${key}` : 'never'}`,
      call.reference,
    );
  }
}
