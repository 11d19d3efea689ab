import type { Span } from '../record';
import type { Customer, Subscription } from './people';

/**
 * From when on no cycle may be charged any more, as a span: surely from `to`, and perhaps from `from`.
 * Null: the customer did not ask for an end, or took it back. A word that was taken back later is no
 * cause to charge nothing, but may have been one for an end: see `endsAskedFor`. Nor is one that was never
 * answered.
 */
export function askedToEnd({ words, customer }: Subscription): Span | null {
  const spans: Span[] = isSurelyErased(customer) ? [customer.erased] : [];
  let standing: Span | null = null;
  for (const word of words) {
    if (word.kind === 'cancellation-revoked') standing = null;
    else if (word.uncertain) continue;
    else if (word.when === 'now') spans.push(word);
    else standing ??= word;
  }
  if (standing) spans.push(standing);
  return spans.reduce<Span | null>(
    (first, span) => (first === null || span.to < first.to ? span : first),
    null,
  );
}

/** Whose wish to be forgotten was answered. */
export function isSurelyErased(
  customer: Customer,
): customer is Customer & { readonly erased: Span } {
  return customer.erased !== null && !customer.erased.uncertain;
}

/** Each wish to end at a billing date, whether or not it was taken back. */
export function endsAskedFor({ words }: Subscription): Subscription['words'] {
  return words.filter((word) => word.kind === 'cancelled' && word.when === 'next_billing_date');
}

/** Whether until then there ever was a wish, however it ended, after which nothing may be charged. */
export function mayHaveAsked({ words, customer }: Subscription, until: string): boolean {
  if (customer.erased && customer.erased.from <= until) return true;
  return words.some(({ kind, from }) => kind === 'cancelled' && from <= until);
}

/** Each wish to end at once. */
export function endsAtOnce({ words }: Subscription): Subscription['words'] {
  return words.filter((word) => word.kind === 'cancelled' && word.when === 'now');
}
