import { maskCardDigits } from '../domain/card-digits';

const MAX_RAW_LENGTH = 64;

/** A reason in our words; the provider's own beside it only where it is none that we know. */
export interface Translated<Reason> {
  readonly reason: Reason;
  readonly rawReason: string | null;
}

export function translate<Reason>(
  word: string,
  known: ReadonlyMap<string, Reason>,
): Translated<Reason | 'unknown'> {
  const reason = known.get(word);
  if (reason !== undefined) return { reason, rawReason: null };
  return { reason: 'unknown', rawReason: maskCardDigits(word).slice(0, MAX_RAW_LENGTH) };
}
