import type { Span } from '../record';
import type { Subscription } from './people';

/**
 * From when on no cycle may be charged any more, as a span: surely from `to`, and perhaps from `from`.
 * Null: the customer did not ask for an end, or took it back. A word that was taken back later is no
 * cause to charge nothing, but may have been one for an end: see `endsAskedFor`.
 */
export function askedToEnd({ words, customer }: Subscription): Span | null {
  const spans: Span[] = customer.erased ? [customer.erased] : [];
  let standing: Span | null = null;
  for (const word of words) {
    if (word.kind === 'cancellation-revoked') standing = null;
    else if (word.when === 'now') spans.push(word);
    else standing ??= word;
  }
  if (standing) spans.push(standing);
  return spans.reduce<Span | null>(
    (first, span) => (first === null || span.to < first.to ? span : first),
    null,
  );
}

/** Each wish to end at a billing date, whether or not it was taken back. */
export function endsAskedFor({ words }: Subscription): readonly Span[] {
  return words.filter((word) => word.kind === 'cancelled' && word.when === 'next_billing_date');
}

/** Each wish to end at once. */
export function endsAtOnce({ words }: Subscription): readonly Span[] {
  return words.filter((word) => word.kind === 'cancelled' && word.when === 'now');
}
